"""Who is told of what, by which way: in the product, by e-mail, by a team's robot."""
