"""Who: what customers are worth, how they move, and who is about to leave."""
