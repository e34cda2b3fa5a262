"""A room for each lesson: what it needs and the core does not. The core imports none of them."""
