"""Who is likely to leave, why, and what they are worth."""
