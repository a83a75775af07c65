"""打法: packs by the type of product that a brand sells (M39-M48), as data. Installing one makes ordinary objects.

Owns what was installed and from which pack; emits nothing.
"""
