"""Why the score is what it is: drivers, sources of complaints, deeds, delights and misfits."""
