"""What the room does from the command line."""
