"""Someone owes this customer an answer: cases, clocks, callbacks and what they come to."""
