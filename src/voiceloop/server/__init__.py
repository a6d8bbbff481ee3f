"""The product: Django, one room per verb."""
