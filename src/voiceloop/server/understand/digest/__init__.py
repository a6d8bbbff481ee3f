"""客户之声周报: what customers said in a week, what moved by more than chance, and what was done about it."""
