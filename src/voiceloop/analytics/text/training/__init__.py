"""How the shipped model was made: seeded, repeatable, from licence-clean material only."""
