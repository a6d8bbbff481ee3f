"""Text models learned from the company's own comments: fitted, compared, switched on and back."""
