"""From the cells of a file to responses: what the columns mean, what the cells say, how they are written."""
