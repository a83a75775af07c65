"""Use cases of the room: doors and welcomes, placing them with the platform, arrivals, sources and their costs."""
