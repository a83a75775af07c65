"""What others ask of the room, a file a subject."""
