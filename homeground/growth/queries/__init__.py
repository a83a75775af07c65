"""What pages and other rooms read of doors, sources and arrivals; one module a subject."""
