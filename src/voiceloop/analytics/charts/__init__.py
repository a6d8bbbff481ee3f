"""One file per chart; the folder is the registry."""
