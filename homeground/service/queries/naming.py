"""How friends are called on a member's page: by the member's own remark, else by their nickname."""

from collections.abc import Iterable, Sequence

from django.db import connection

_NAMES = """
SELECT DISTINCT ON (coalesce(customer.merged_into_id, customer.id))
       coalesce(customer.merged_into_id, customer.id),
       coalesce(nullif(follow.remark, ''), nullif(contact.name, ''), customer.name),
       contact.external_userid, contact.avatar
FROM people_customer AS customer
JOIN wecom_externalcontact AS contact ON contact.customer_id = customer.id
LEFT JOIN wecom_follow AS follow ON follow.contact_id = contact.id AND follow.ended_at IS NULL
     AND follow.staff_id = ANY(%(staff)s::bigint[])
WHERE customer.id = ANY(%(ids)s::bigint[]) OR customer.merged_into_id = ANY(%(ids)s::bigint[])
ORDER BY 1, follow.id IS NULL, follow.began_at DESC, contact.id
"""
_WORDS = """
SELECT DISTINCT ON (wait.id) wait.id, message.text
FROM service_wait AS wait
JOIN service_turn AS turn ON turn.conversation = wait.conversation AND turn.is_inbound AND turn.at >= wait.began_at
JOIN service_chatmessage AS message ON message.msgid = substr(turn.key, 9)
WHERE wait.id = ANY(%(waits)s::bigint[]) AND message.text <> ''
ORDER BY wait.id, turn.at DESC
"""


def friends(customer_ids: Iterable[int | None], staff_ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """(name, external_userid, avatar) of each customer (survivor), as these members call them."""
    ids = sorted({customer for customer in customer_ids if customer})
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"ids": ids, "staff": list(staff_ids)})
        return {customer: (name, external, avatar) for customer, name, external, avatar in cursor.fetchall()}


def last_words(wait_ids: Sequence[int]) -> dict[int, str]:
    """What each of these waiting customers said last; who said nothing in words is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, {"waits": list(wait_ids)})
        return dict(cursor.fetchall())
