"""What customers wrote, understood on one CPU with no network."""
