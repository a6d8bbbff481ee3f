"""Did it help? Initiatives from plan to standard."""
