"""Template filters for cases."""
