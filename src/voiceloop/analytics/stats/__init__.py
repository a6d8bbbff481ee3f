"""Intervals and tests on sums that merge; nothing here knows the name of a metric."""
