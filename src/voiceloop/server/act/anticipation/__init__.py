"""Anticipation: customers whom we expect to hear from are spoken with before they have to write."""
