"""Full-text search over comments and articles, with meaning added where the extra `semantic` is installed."""
