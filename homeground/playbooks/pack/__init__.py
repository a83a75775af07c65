"""A pack as a file: what it is made of (nodes.py), how it is read (reading.py), what it says here (wording.py).

Knows no table: a file is either a whole pack, or refused with its field named.
"""
