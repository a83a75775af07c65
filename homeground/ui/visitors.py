"""Whether a request to a public page is a person's own, or a program looking at the link before them."""

import re

from django.http import HttpRequest

# Programs that look at a link before the customer does; they see the page, and are not counted.
_PREVIEWER = re.compile(r"(?<!cu)bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|barracuda")  # Cubot: a phone.


def is_person(request: HttpRequest) -> bool:
    """Not a HEAD, not fetched ahead, not a program that says what it is."""
    agent = request.headers.get("User-Agent", "").lower()
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    is_ahead = "prefetch" in purpose or request.headers.get("X-Moz") == "prefetch"
    return request.method == "GET" and not is_ahead and not _PREVIEWER.search(agent)
