"""What agents say: phrases and playbooks."""
