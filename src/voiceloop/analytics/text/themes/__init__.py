"""The parts of theme discovery: words, vectors, clusters, names, history, what is new, and the map."""
