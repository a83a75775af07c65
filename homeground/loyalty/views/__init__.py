"""Pages for the console; one module a subject."""
