"""Says why: labels on what customers wrote, and people who correct them."""
