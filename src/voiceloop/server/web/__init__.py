"""Pages that span rooms, and the layout they share."""
