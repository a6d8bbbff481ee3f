"""How fast the real product is, measured on the machine it runs on: bin/bench."""
