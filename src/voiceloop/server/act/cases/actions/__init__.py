"""What a playbook can do: one file an action, the folder is the registry."""
