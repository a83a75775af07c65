"""Use cases: connecting a corp, its callbacks and welcomes, the sync and what differs, mass sends, Moments."""
