"""Somebody stands in front of us: who they are, what they must not have, and what we owe them."""
