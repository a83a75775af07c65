"""Ties between members and customers, as the API looks them up."""

from homeground.sandbox.models import Contact, Friendship
from homeground.sandbox.services.wecom import staff
from homeground.sandbox.services.wecom.refusals import Refused


def tie(userid: str, external_userid: str, *, resigned: bool = False) -> Friendship:
    """The open tie, locked. Raises Refused: 60111, 60021, 40096, 84084 others follow, 84061 nobody does."""
    member = staff.member(userid, resigned=resigned)
    contact = Contact.objects.filter(external_userid=external_userid).first()
    if contact is None:
        raise Refused(40096, "invalid external_userid")
    open_ties = Friendship.objects.filter(contact=contact, ended_at=None)
    found = open_ties.select_for_update().filter(member=member).first()
    if found is None:
        raise Refused(84084 if open_ties.exists() else 84061, "not external contact of the member")
    found.member, found.contact = member, contact
    return found
