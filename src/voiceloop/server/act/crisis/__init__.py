"""Crises: a spike is seen, people are told, said, done and learned."""
