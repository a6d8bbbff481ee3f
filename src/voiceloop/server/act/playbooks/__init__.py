"""Playbooks as data: when to begin, for whom, which steps by whom and when; and what became of each."""
