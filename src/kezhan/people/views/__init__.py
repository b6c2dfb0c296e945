"""Pages of people and of sign-in."""
