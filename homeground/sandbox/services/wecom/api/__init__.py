"""Every endpoint of the sandbox's API, one module a subject; importing this fills the table."""

from importlib import import_module

SUBJECTS = (
    "contacts", "group_welcome", "groups", "join_ways", "kf", "links", "login", "mass", "mass_results", "media",
    "members", "messages", "moment_results", "moments", "remarks", "statistics", "strategies", "tags", "transfers",
    "ways", "welcome",
)  # fmt: skip

for subject in SUBJECTS:
    import_module(f"{__name__}.{subject}")
