"""Input of people, a file a subject."""
