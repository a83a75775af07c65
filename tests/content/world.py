"""A small corp: members, friends, posts. Rows of other rooms are made as their own syncs would leave them."""

import io
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from homeground.commerce.models import Order
from homeground.content import services
from homeground.content.models import MomentPlan
from homeground.people.models import Customer, Tag
from homeground.wecom.models import ExternalContact, Follow, Moment, MomentPost, MomentReaction, MomentViewer, Staff

NOW = datetime(2026, 3, 18, 4, tzinfo=UTC)  # A Wednesday, noon in Shanghai.


def days(count, at=NOW):
    return at + timedelta(days=count)


def member(userid="lin", name="小林", **more):
    return Staff.objects.create(userid=userid, name=name, **more)


def friend(staff, name="", customer=None, **more):
    customer = customer or Customer.objects.create(name=name)
    number = ExternalContact.objects.count()
    contact = ExternalContact.objects.create(external_userid=f"wm{number}", customer=customer, name=name)
    Follow.objects.create(staff=staff, contact=contact, began_at=days(-100), seen_at=NOW, **more)
    return contact


def buys(customer, at=NOW, amount_minor=10000, **more):
    number = Order.objects.count()
    given = {"source": "test", "currency": "CNY", "content_hash": ""} | more
    return Order.objects.create(
        order_no=f"o{number}", customer=customer, amount_minor=amount_minor, paid_at=at, **given
    )


def draft(kind="life", planned_at=None, senders=(), tags=(), **more):
    """A draft for some tags (a tag is made where none is given), by these members."""
    tags = list(tags) or [Tag.objects.get_or_create(name="已消费")[0]]
    given = {"topic": "清晨的茶园", "text": "今天采的第一批。", "created_by": "op"} | more
    plan = MomentPlan(kind=kind, planned_at=planned_at or days(1), **given)
    return services.save_plan(plan, tag_ids=[tag.pk for tag in tags], staff_ids=[staff.pk for staff in senders])


def planned(kind="life", planned_at=None, senders=(), at=NOW, **more):
    """A post that waits for its time; what the feeds say to it does not matter."""
    plan = draft(kind, planned_at or days(1), senders, **more)
    return services.schedule_plan(plan.pk, by="op", override_reason="测试", may_override=True, at=at)


def own_post(staff, at=NOW, kind="", text="随手一拍"):
    """What a member posted by themselves, read by polling."""
    number = Moment.objects.count()
    moment = Moment.objects.create(
        key=f"own:{number}", moment_id=f"mom{number}", is_personal=True, state=Moment.State.DONE,
        asked_at=at, expires_at=days(14, at),
        content={"text": text, "attachments": [], "senders": [], "tags": []},
    )  # fmt: skip
    MomentPost.objects.create(moment=moment, staff=staff, published_at=at)
    if kind:
        services.label_moment(moment.pk, kind, by="op", at=at)
    return moment


def published(plan, staff, at=None, viewers=(), liked=(), commented=()):
    """A plan that was handed over and that one member published."""
    moment, _is_new = Moment.objects.get_or_create(
        key=f"plan:{plan.pk}",
        defaults={
            "state": Moment.State.PLACED,
            "asked_at": plan.planned_at,
            "expires_at": days(14, plan.planned_at),
            "content": {"text": plan.text},
        },
    )
    MomentPlan.objects.filter(pk=plan.pk).update(state="handed", moment=moment)
    post = MomentPost.objects.create(moment=moment, staff=staff, published_at=at or plan.planned_at)
    MomentViewer.objects.bulk_create(MomentViewer(post=post, contact=contact) for contact in viewers)
    for kind, contacts in (("like", liked), ("comment", commented)):
        for contact in contacts:
            MomentReaction.objects.create(post=post, kind=kind, contact=contact, happened_at=post.published_at)
    return post


def picture(size=(40, 30), form="JPEG", mode="RGB", name="茶.jpg", **more):
    """A file as a browser sends it."""
    kept = io.BytesIO()
    Image.new(mode, size, "green" if mode == "RGB" else None).save(kept, form, **more)
    return SimpleUploadedFile(name, kept.getvalue(), content_type=f"image/{form.lower()}")


def film(seconds=12, scale=1000):
    """The smallest MP4 that says how long it is."""

    def box(kind, body):
        return (len(body) + 8).to_bytes(4, "big") + kind + body

    header = bytes(12) + scale.to_bytes(4, "big") + (seconds * scale).to_bytes(4, "big") + bytes(80)
    return SimpleUploadedFile("clip.mp4", box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"mvhd", header)))
