"""Pages of segments: the list and one segment (shelf), and the builder (building)."""

from homeground.segments.views.building import edit, new, preview, properties, property_values, values
from homeground.segments.views.shelf import (
    archive,
    detail,
    export,
    install_pair,
    listed,
    new_list,
    refresh,
    restore,
)

__all__ = [
    "archive",
    "detail",
    "edit",
    "export",
    "install_pair",
    "listed",
    "new",
    "new_list",
    "preview",
    "properties",
    "property_values",
    "refresh",
    "restore",
    "values",
]
