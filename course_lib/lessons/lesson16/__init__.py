"""What lesson 16, limits and good practice, needs."""
