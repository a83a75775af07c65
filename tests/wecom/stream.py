"""What was put on the stream."""

from typing import Any

from homeground.events.models import StreamEvent


def facts(name: str) -> list[tuple[int | None, dict[str, Any]]]:
    """(customer, properties) of each fact of this name, in order."""
    return list(StreamEvent.objects.filter(name=name).order_by("id").values_list("customer_id", "properties"))
