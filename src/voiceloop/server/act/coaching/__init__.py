"""How a team is doing, fairly."""
