"""What one request may bring. Nothing within the limits of the vendors' own endpoints is refused."""

BODY_BYTES = 5 * 1024 * 1024  # After decompression.
EVENTS = 1000  # A request.
EVENT_BYTES = 100 * 1024
NAME_LENGTH = 200
ID_LENGTH = 255
DEPTH = 32  # Levels of objects and lists in an event's properties.
