"""Pages of segments: the list and one segment (shelf), the builder (building), why a customer belongs (explaining)."""

from homeground.segments.views.building import edit, new, preview, properties, property_values, values
from homeground.segments.views.explaining import explain
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
    "explain",
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
