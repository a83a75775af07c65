"""From the URLs in a message to traced ones, for a whole batch at once."""

import hashlib
from collections.abc import Iterable, Mapping

from django.db import connection

from homeground.channels.tokens import Trace, token_of
from homeground.core.env import env
from homeground.core.weblinks import pieces


def urls_of(text: str) -> list[str]:
    """The URLs in a text, in order."""
    return [piece for piece, is_url in pieces(text) if is_url]


def ids_of(urls: Iterable[str]) -> dict[str, int]:
    """The Link of each URL, made where it is new. One statement each way, whatever the number."""
    by_hash = {hashlib.sha256(url.encode()).hexdigest(): url for url in urls}
    if not by_hash:
        return {}
    hashes = sorted(by_hash)  # In one order, so that two batches never wait for each other.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_link (hash, url) SELECT * FROM unnest(%s::text[], %s::text[])"
            " ON CONFLICT (hash) DO NOTHING",
            [hashes, [by_hash[key] for key in hashes]],
        )
        cursor.execute("SELECT hash, id FROM channels_link WHERE hash = ANY(%s)", [hashes])
        return {by_hash[key]: pk for key, pk in cursor.fetchall()}


def traced(text: str, trace: Trace, links: Mapping[str, int]) -> str:
    """The text with each URL replaced by this customer's traced one."""
    return "".join(link_url(trace, links[piece]) if is_url else piece for piece, is_url in pieces(text))


def link_url(trace: Trace, link_id: int) -> str:
    """The address that counts the click and leads on."""
    return f"{env.base_url}/t/{token_of(trace._replace(link_id=link_id), 'link')}"


def pixel_url(trace: Trace) -> str:
    """The picture that tells that a mail was opened."""
    return f"{env.base_url}/t/{token_of(trace, 'link')}.gif"


def opt_out_url(trace: Trace) -> str:
    """The page where this customer says "no more"."""
    return f"{env.base_url}/o/{token_of(trace, 'opt_out')}"
