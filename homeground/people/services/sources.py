"""来源: where a person came from first, said by whoever knows better than the way their data came in."""

from collections.abc import Mapping

from django.db import connection, transaction

from homeground.people.services.marks import mark_stale

# What data calls itself that came by our own hand: it says nothing about where the person came from.
_NO_SOURCE = ("", "homeground", "wecom")
_SAY = """
UPDATE people_customer AS customer SET source = root.source
FROM (
    SELECT coalesce(known.merged_into_id, known.id) AS id, said.source
    FROM unnest(%s::bigint[], %s::text[]) AS said(customer_id, source)
    JOIN people_customer AS known ON known.id = said.customer_id
) AS root
WHERE customer.id = root.id AND customer.source = ANY(%s::text[])
RETURNING customer.id
"""


@transaction.atomic
def say_sources(sources: Mapping[int, str]) -> int:
    """Keep where these customers, by id, came from, where nobody said so before. Returns how many changed."""
    said = {customer: source[:60] for customer, source in sources.items() if source}
    if not said:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [list(said), list(said.values()), list(_NO_SOURCE)])
        changed = [row[0] for row in cursor.fetchall()]
    mark_stale(changed)
    return len(changed)
