"""Ways in for people and for the platform."""
