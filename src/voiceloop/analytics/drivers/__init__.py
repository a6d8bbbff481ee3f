"""Why a score is what it is: what drives it, where to begin, and what customers then did."""
