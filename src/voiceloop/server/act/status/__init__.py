"""What becomes of an order or a case is told to its customer unasked, and can be looked up by a link."""
