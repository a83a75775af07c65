"""What we say: message templates with typed places, checked when saved, filled for a batch of customers at a time.

Owns content.Message. Emits nothing.
"""
