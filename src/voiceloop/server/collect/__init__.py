"""Brings facts in: customers, programmes, surveys, invitations, responses, imports."""
