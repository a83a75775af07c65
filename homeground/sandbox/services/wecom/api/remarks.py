"""What an app writes on the tie between a member and a customer: remark and tags."""

from homeground.sandbox.models import Friendship, Tag
from homeground.sandbox.services.callbacks import events, tell
from homeground.sandbox.services.wecom import friends
from homeground.sandbox.services.wecom.fields import Given, text, texts
from homeground.sandbox.services.wecom.refusals import Refused
from homeground.sandbox.services.wecom.registry import Answer, Caller, post

MOST_TAGS = 1000  # On one customer, by one member.
_WHO = (text("userid", needed=41009, wrong=40003), text("external_userid", needed=41035, wrong=40096))
_COLUMNS = {
    "remark": "remark",
    "description": "description",
    "remark_company": "remark_company",
    "remark_mobiles": "remark_mobiles",
}


@post(
    "externalcontact/remark",
    *_WHO,
    text("remark", chars=20),
    text("description", chars=150),
    text("remark_company", chars=20),
    texts("remark_mobiles", most=100, chars=30),
    text("remark_pic_mediaid", size=128),
)
def remark(caller: Caller, given: Given) -> Answer:
    """Change the given fields only; [""] takes all telephone numbers away."""
    if all(given[name] is None for name in (*_COLUMNS, "remark_pic_mediaid")):
        raise Refused(40058, "remark, description, remark_company, remark_mobiles, remark_pic_mediaid all empty")
    tie = friends.tie(given["userid"], given["external_userid"])
    changes = {column: given[name] for name, column in _COLUMNS.items() if given[name] is not None}
    if "remark_mobiles" in changes:
        changes["remark_mobiles"] = [mobile for mobile in changes["remark_mobiles"] if mobile]
    if tie.contact.kind != 1:
        changes.pop("remark_company", None)
    if changes:
        Friendship.objects.filter(pk=tie.pk).update(**changes)
    _tell(caller, tie)
    return {}


@post("externalcontact/mark_tag", *_WHO, texts("add_tag", most=1000), texts("remove_tag", most=1000))
def mark(caller: Caller, given: Given) -> Answer:
    """Put corp tags on, take others off."""
    adding, removing = given["add_tag"] or [], given["remove_tag"] or []
    if not adding and not removing:
        raise Refused(40058, "add_tag and remove_tag both empty")
    tie = friends.tie(given["userid"], given["external_userid"])
    _check_tags(caller, [*adding, *removing])
    kept = [tag_id for tag_id in tie.tag_ids if tag_id not in set(removing)]
    tag_ids = list(dict.fromkeys([*kept, *adding]))
    if len(tag_ids) > MOST_TAGS:
        raise Refused(40144, "too many tags on one customer")
    Friendship.objects.filter(pk=tie.pk).update(tag_ids=tag_ids)
    _tell(caller, tie)
    return {}


def _check_tags(caller: Caller, tag_ids: list[str]) -> None:
    found = Tag.objects.filter(tag_id__in=tag_ids, is_deleted=False, group__is_deleted=False)
    good = {tag_id for tag_id, strategy, app in found.values_list("tag_id", "group__strategy_id", "group__app")
            if not strategy or app == caller.app}  # fmt: skip
    if not set(tag_ids) <= good:
        raise Refused(40068, "invalid tag id")


def _tell(caller: Caller, tie: Friendship) -> None:
    if caller.corp.tells_of_api_actions:
        tell(events.contact("edit_external_contact", tie.member.userid, tie.contact.external_userid))
