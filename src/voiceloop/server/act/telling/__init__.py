"""“You said, we did”: those who raised something hear what became of it."""
