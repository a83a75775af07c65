"""A journey's graph: what it is made of (nodes.py), how JSON is read (parse.py), what must hold of it (check.py).

Knows no table and no clock: given a graph and what there is to name, the same answer every time.
"""
