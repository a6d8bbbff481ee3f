"""What is known about customers beyond their numbers: groups, wishes and stages of life."""
