"""Ways in for people: the console's pages of doors and sources, and the page behind a printed code."""
