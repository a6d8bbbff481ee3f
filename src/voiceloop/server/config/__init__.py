"""Settings, addresses and entry points, and nothing else."""
