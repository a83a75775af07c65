"""Use cases: tokens, events that come in, files that come in."""
