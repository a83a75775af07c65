"""What to say: message templates with typed placeholders, rendered per customer."""
