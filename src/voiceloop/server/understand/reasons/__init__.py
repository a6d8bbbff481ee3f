"""The company's own list of reasons: seen, changed, compared, taken back."""
