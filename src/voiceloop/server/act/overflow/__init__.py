"""When more customers wait than we can answer soon: an honest word on the time, and where to help oneself."""
