"""The demo company, loaded into an empty installation."""
