"""What lesson 10 needs, words."""
