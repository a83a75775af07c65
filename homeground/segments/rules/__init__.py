"""The rule language: who belongs to a segment, as a tree in JSON. docs/segments.md explains it by example."""
