"""Care for passives, thanks and share links for promoters."""
