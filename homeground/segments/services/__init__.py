"""Use cases of segments: count a rule, keep segments and lists, refresh, export."""

from homeground.segments.queries import members
from homeground.segments.services.counting import Counted, Preview, count, preview
from homeground.segments.services.explaining import Explained, Explanation, explain, reasons
from homeground.segments.services.exporting import export_lines, record_export
from homeground.segments.services.keeping import archive, create, free_slug, install_pair, restore, save
from homeground.segments.services.lists import Listed, create_list, create_list_from_rule
from homeground.segments.services.matching import matching
from homeground.segments.services.refreshing import due, refresh, refresh_soon

__all__ = [
    "Counted",
    "Explained",
    "Explanation",
    "Listed",
    "Preview",
    "archive",
    "count",
    "create",
    "create_list",
    "create_list_from_rule",
    "due",
    "explain",
    "export_lines",
    "free_slug",
    "install_pair",
    "matching",
    "members",
    "preview",
    "reasons",
    "record_export",
    "refresh",
    "refresh_soon",
    "restore",
    "save",
]
