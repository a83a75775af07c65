"""Ways in for events and files: parse, check, record.

Owns the API tokens, the shelf of rejected events, and the imports of files. Emits what senders report, under the names
they gave: track → its own name; page_viewed, screen_viewed, identified, grouped, aliased. What a file says about people
and orders goes through the services of people and commerce.
"""
