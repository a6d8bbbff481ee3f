"""Numbers within the rights of their reader."""
