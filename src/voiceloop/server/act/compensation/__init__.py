"""What we give to make it good: limits, approvals, and the ledger of who gave what to whom."""
