"""Keeps the lake in step with the database."""
