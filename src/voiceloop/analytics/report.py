"""The report of a measured answer: one self-contained page, both languages, for phone and print."""
