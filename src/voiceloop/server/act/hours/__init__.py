"""When customers come, how soon they are answered, who is there, and which attempts fail."""
