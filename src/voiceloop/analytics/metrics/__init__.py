"""One file per metric; a module's docstring is the metric's public definition, shown in the product."""
