"""A brand in the middle of its day: doors of each kind, with staff, people, orders and costs, around a given moment."""

from datetime import datetime, timedelta

from homeground.growth.models import Door, Source
from homeground.growth.services import arrivals, openings, placing, sources, welcomes
from homeground.people.models import Customer
from tests.growth import world
from tests.growth.world import added, joined, make_door, make_group, make_order, make_source, make_staff, shift, welcome

DAY = timedelta(days=1)


def make_busy(at: datetime) -> tuple[Door, Door, Door, Source]:
    """A live code, a group code, a link and the source of the first."""
    ann, bob, cat = (make_staff(name, department="南京西路店") for name in ("周敏", "李晨", "王倩"))
    shop = make_source("小红书 · 晚安皮肤", "content", followers=20_000, expected_entry_bp=1000)
    street = make_source("南京西路店", "offline", sale="store")
    live = make_door(
        at - 40 * DAY,
        name="收银台立牌", source_id=shop.pk, tags=("门店", "新客"), backup_ids=(cat.pk,), daily_limit=30,
        shifts=(shift(ann, bob, days=(0, 1, 2, 3, 4)), shift(bob, days=(5, 6), start=600, end=60)),
        welcomes=(
            welcome("{{称呼|朋友}}，我是{{员工}}，皮肤的事随时问我", end_minute=1320),
            welcome("夜里好，明早九点回复您", start_minute=1320, end_minute=1440),
        ),
        consent_notice="添加后，我们会经企业微信发送护肤建议和优惠，每月不超过 4 次。\n随时回复“退订”即可停止。",
    )  # fmt: skip
    chats = [make_group("福利 1 群", 200), make_group("福利 2 群", 187)]
    groups = make_door(
        at - 30 * DAY, kind="group_code", name="包裹卡进群", source_id=street.pk, groups=tuple(map(world.group, chats))
    )
    link = make_door(at - 20 * DAY, kind="link", name="直播间跳转", staff_ids=(ann.pk,), welcomes=(welcome(),))
    welcomes.save_default_welcomes([welcome("你好，我是{{员工}}")])
    _come(live, [ann.userid, bob.userid], at, 240)
    people = _people(60)
    arrivals.note_arrivals([joined(one, groups, chats[1], at - (n % 20) * DAY) for n, one in enumerate(people)])
    sources.add_cost(sources.CostGiven(shop.pk, (at - 45 * DAY).date(), at.date(), 480_000, "笔记投放"), by="店长")
    for door in (live, groups, link):
        placing.place_door(door.pk, at)
    return live, groups, link, shop


def _come(door: Door, userids: list[str], at: datetime, size: int) -> None:
    people = _people(size)
    when = [at - (n * 60 // size) * DAY - timedelta(minutes=n) for n in range(size)]
    pairs = list(zip(people, when, strict=True))
    arrivals.note_arrivals([added(one, door, userids[n % 2], moment) for n, (one, moment) in enumerate(pairs)])
    for _one, moment in pairs[:40]:
        openings.count_opening(door, moment)
    for one, moment in pairs[::80]:
        make_order(one, moment + DAY / 4, 12_900)
    gone = [
        world.event("wecom.friend_removed_by_customer", one, moment + DAY / 8, userid=userids[0])
        for one, moment in pairs[::20]
    ]
    arrivals.note_departures(gone)


def _people(size: int) -> list[Customer]:
    return Customer.objects.bulk_create(Customer(created_at=world.LONG_AGO, source="wecom") for _one in range(size))
