"""主场 Homeground: the platform on which a brand runs its private domain (私域)."""

__version__ = "0.1.0"
