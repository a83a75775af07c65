"""Everything planned, by day of the brand's zone; whom it would carry past a cap; drafts moved to another day."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from django.contrib.auth.models import Permission, User

from homeground.content.models import MomentPlan
from homeground.core import time
from homeground.journeys.errors import CannotSchedule, WrongState
from homeground.journeys.graph.nodes import Graph
from homeground.journeys.graph.parse import parse
from homeground.journeys.graph.ways_in import ByDate, BySchedule
from homeground.journeys.holdout import buckets
from homeground.journeys.models import Campaign, Enrolment, FrequencyCap, Journey, Touch, Version
from homeground.journeys.queries.calendar import Choice, Span, entries, planned_segments, pressure, unscheduled, variety
from homeground.journeys.queries.calendar.planned import People, Touches
from homeground.journeys.queries.calendar.pressure import _past
from homeground.journeys.queries.calendar.walks import coming_in, messages_ahead
from homeground.journeys.services.scheduling import move_to_day, plan_for
from homeground.people.models import Attribute, AttributeValue, Customer
from homeground.segments.models import Segment
from homeground.service.models import Task
from homeground.wecom.models import Staff
from tests.journeys import world
from tests.journeys.world import LONG_AGO, NOON

ZONE = "Asia/Shanghai"
TODAY = date(2026, 3, 10)
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31), ZONE, NOON)
EVERYTHING = Choice()
STEPS = {
    "rest": {"kind": "wait", "name": "等两天", "span": {"days": 2}, "next": "tag"},
    "tag": {"kind": "tag", "name": "打标签", "add": ["走过"], "next": "hi"},
    "hi": {"kind": "message", "name": "问候", "message": 1, "channel": "phone", "next": "ask"},
    "ask": {
        "kind": "wait_event", "name": "等下单", "event": "commerce.order_paid", "at_most": {"days": 3}, "next": None,
        "otherwise": "fork",
    },
    "fork": {
        "kind": "split", "name": "分两路",
        "ways": [{"name": "a", "share_bp": 5000, "next": "hi"}, {"name": "b", "share_bp": 5000, "next": None}],
    },
}  # fmt: skip


def make_graph(*given: dict[str, Any]) -> Graph:
    start = [{"name": "全部", "share_bp": 10_000, "start": "rest"}]
    return parse({"entries": list(given) or [{"by": "hand"}], "variants": start, "nodes": STEPS})


def make_journey(*given: dict[str, Any], **fields: Any) -> Journey:
    count = Journey.objects.count()
    made = Journey.objects.create(
        **{"slug": f"j{count}", "name": "首单后复购", "link": "convert", "draft": {}} | fields
    )
    version = Version.objects.create(
        journey=made, number=1, graph=make_graph(*given).model_dump(mode="json"), is_promotion=True,
        published_at=LONG_AGO,
    )  # fmt: skip
    Journey.objects.filter(pk=made.pk).update(live=version, state="live")
    made.refresh_from_db()
    world.make_draft(
        segment=None, version=version, node="hi", state="sending", frozen_at=LONG_AGO, audience_size=0,
        is_promotion=True, name="问候",
    )  # fmt: skip
    return made


def walk(journey: Journey, customer: Customer, node: str, due_at: datetime) -> Enrolment:
    return Enrolment.objects.create(
        journey=journey, version=journey.live, customer=customer, cause=f"{customer.pk}", arm="treated", variant="全部",
        entered_at=NOON - timedelta(days=3), arrived_at=NOON - timedelta(days=2), node=node, due_at=due_at,
    )  # fmt: skip


def at(day: int, hour: int = 10) -> datetime:
    """That hour in Shanghai, in March."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)


def promotion() -> Any:
    return world.make_message(is_promotion=True)


def titles(choice: Choice = EVERYTHING, span: Span = MARCH) -> list[tuple[date, str]]:
    return [(entry.on, entry.title) for entry in entries(span, choice)]


@pytest.fixture
def plain(db: Any) -> None:
    world.no_policy()
    world.make_channel()


@pytest.fixture
def members(monkeypatch: Any) -> dict[int, list[int]]:
    """Who is in which segment, by its number."""
    known: dict[int, list[int]] = {}
    monkeypatch.setattr("homeground.segments.queries.members", lambda segment: sorted(known.get(segment.pk, [])))
    return known


def make_segment(members: dict[int, list[int]], customers: list[Customer], name: str = "妈妈们") -> Segment:
    made = Segment.objects.create(
        slug=f"seg{Segment.objects.count()}", name=name, is_dynamic=False, customers=len(customers)
    )
    members[made.pk] = [one.pk for one in customers]
    return made


def test_each_thing_stands_on_its_day_in_the_brands_zone(plain):
    world.make_draft(name="草稿", scheduled_at=at(20, 1))  # The 19th in UTC.
    world.make_draft(name="没有日子")
    world.make_draft(name="取消的", scheduled_at=at(21), state="cancelled")
    sent = world.make_draft(name="发过的")
    Campaign.objects.filter(pk=sent.pk).update(
        state="sent", frozen_at=at(2), started_at=at(3), scheduled_at=at(5), audience_size=7, window_days=10
    )
    MomentPlan.objects.create(kind="life", topic="泡茶", planned_at=at(12, 20), created_by="a")
    staff = Staff.objects.create(userid="li", name="李")
    for place, state in enumerate(("open", "done", "expired")):
        closed = None if state == "open" else NOON
        Task.objects.create(
            key=f"k{place}", kind="hand", staff=staff, title="t", due_on=date(2026, 3, 9), state=state, closed_at=closed
        )

    assert titles() == [
        (date(2026, 3, 5), "发过的"),
        (date(2026, 3, 9), "员工任务 2 项，未完成 1 项"),
        (date(2026, 3, 12), "朋友圈：泡茶"),
        (date(2026, 3, 12), "复盘：发过的"),
        (date(2026, 3, 20), "草稿"),
    ]
    assert [draft.name for draft in unscheduled(EVERYTHING)] == ["没有日子"]


def test_link_channel_segment_and_calendar_narrow_it(plain, members):
    world.make_channel("mail", "email")
    segment = make_segment(members, [])
    world.make_draft(name="甲", scheduled_at=at(20), link="convert", segment=segment)
    world.make_draft(name="乙", scheduled_at=at(20), link="activate", channel="mail")
    make_journey({"by": "schedule", "segment": segment.slug, "day": 25}, link="refer")
    MomentPlan.objects.create(kind="life", topic="泡茶", planned_at=at(12), created_by="a")

    shown = [title for _on, title in titles(Choice(("activity",), link="convert"))]
    assert shown == ["甲"]
    assert [title for _on, title in titles(Choice(("activity",), channel="mail"))] == ["乙"]
    assert [title for _on, title in titles(Choice(("activity",), segment=segment))] == ["甲", "首单后复购：约 0 人进入"]
    assert [title for _on, title in titles(Choice(("content",)))] == ["朋友圈：泡茶"]


def test_walks_stand_on_the_day_of_their_next_step_with_the_messages_that_surely_follow(plain):
    journey, others = make_journey(), make_journey(name="停着的")
    Journey.objects.filter(pk=others.pk).update(state="paused")
    for day, node in ((15, "rest"), (15, "rest"), (15, "ask"), (16, "fork"), (1, "rest")):
        walk(journey, world.make_customer(), node, at(day))
    walk(others, world.make_customer(), "rest", at(15))

    assert titles() == [
        (TODAY, "首单后复购：至少 1 条消息"),  # Overdue: it goes out now.
        (date(2026, 3, 15), "首单后复购：至少 2 条消息"),
        (date(2026, 3, 16), "首单后复购：1 人到下一步"),
    ]


def test_what_follows_for_sure_ends_at_the_next_wait_and_at_every_fork():
    graph = make_graph()

    assert messages_ahead(graph, "rest") == ["hi"]
    assert messages_ahead(graph, "hi") == ["hi"]
    assert messages_ahead(graph, "ask") == []
    assert messages_ahead(graph, "fork") == []
    assert messages_ahead(graph, "gone") == []


def test_who_comes_in_by_schedule_or_date_is_told_from_now_on(plain, members):
    segment = make_segment(members, [world.make_customer() for _ in range(3)])
    make_journey({"by": "schedule", "segment": segment.slug, "weekday": 2, "time": "09:30"}, name="每周二")
    make_journey({"by": "schedule", "segment": segment.slug, "day": 31, "time": "09:30"}, name="月底")
    birthday = Attribute.objects.create(key="birthday", kind="date")
    for value in ("1990-03-20", "1988-03-20", "2001-03-05", "1992-04-02"):
        AttributeValue.objects.create(
            customer=world.make_customer(), attribute=birthday, value=value, source="t", said_at=NOON
        )
    make_journey({"by": "date", "attribute": "birthday", "yearly": True, "lead_days": 3}, name="生日")

    found = [(entry.on.day, entry.title) for entry in coming_in(MARCH, EVERYTHING)]

    assert found[:3] == [(17, "每周二：约 3 人进入"), (24, "每周二：约 3 人进入"), (31, "每周二：约 3 人进入")]
    assert found[3:] == [(31, "月底：约 3 人进入"), (17, "生日：约 2 人进入"), (30, "生日：约 1 人进入")]


def test_a_leap_day_is_kept_on_the_28th_and_a_long_month_on_its_last_day(plain, members):
    leap = Attribute.objects.create(key="birthday", kind="date")
    AttributeValue.objects.create(
        customer=world.make_customer(), attribute=leap, value="2000-02-29", source="t", said_at=NOON
    )
    segment = make_segment(members, [world.make_customer()])
    make_journey(BySchedule(by="schedule", segment=segment.slug, day=31).model_dump(), name="月底")
    make_journey(ByDate(by="date", attribute="birthday", yearly=True).model_dump(), name="生日")
    february = Span(date(2027, 2, 1), date(2027, 2, 28), ZONE, NOON)

    assert [(entry.on.day, entry.title) for entry in coming_in(february, EVERYTHING)] == [
        (28, "月底：约 1 人进入"),
        (28, "生日：约 1 人进入"),
    ]


def test_pressure_counts_every_person_once_and_says_who_would_pass_a_cap(plain, members):
    world.make_cap(relation="none", days=7, most=1)
    people = [world.make_customer() for _ in range(10)]
    first, second = make_segment(members, people[:6]), make_segment(members, people[4:])
    world.make_draft(scheduled_at=at(14), segment=first, message=promotion())
    world.make_draft(scheduled_at=at(16), segment=second, message=promotion())
    world.make_draft(scheduled_at=at(16), segment=second, message=world.make_message(is_promotion=False))

    everybody = {day.on.day: day for day in pressure(MARCH, None).days}
    mine = {day.on.day: day for day in pressure(MARCH, first).days}

    assert (everybody[14].touches, everybody[16].touches, everybody[15].touches) == (6, 6, 0)
    assert (everybody[14].over, everybody[16].over) == (0, 2)
    assert everybody[16].per_week == pytest.approx(1.2)
    assert everybody[16].level == 4
    assert everybody[14].level == 1
    assert (mine[16].touches, mine[16].over, mine[16].share) == (2, 2, pytest.approx(2 / 6))
    assert [day.on.day for day in pressure(MARCH, first).warnings] == [16]


def test_every_segment_that_is_planned_for_is_told_the_heaviest_first(plain, members, client, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOON)
    world.make_cap(relation="none", days=7, most=1)
    people = [world.make_customer() for _ in range(10)]
    calm, heavy, idle = (
        make_segment(members, people[part], name)
        for part, name in ((slice(6), "只收一条"), (slice(6, 9), "两条都收"), (slice(9, 10), "没人打扰"))
    )
    for day, segment in ((14, calm), (14, heavy), (16, heavy)):
        world.make_draft(scheduled_at=at(day), segment=segment, message=promotion())
    sign_in(client, LOOK)

    text = client.get("/calendar/pressure?start=2026-03-09&end=2026-03-23").content.decode()

    assert planned_segments(MARCH, 12) == [calm, heavy]
    assert text.index("两条都收") < text.index("只收一条")
    assert "没人打扰" not in text
    assert "“两条都收”有 3 人（100%）" in text
    assert '"2026-03-16": {"level": 4' in text
    assert "没人打扰" in client.get(f"/calendar/pressure?segment={idle.slug}").content.decode()


def test_what_was_sent_and_what_walks_send_count_with_it(plain, members):
    world.make_cap(relation="none", days=7, most=2)
    one, other = world.make_customer(), world.make_customer()
    segment = make_segment(members, [one, other])
    journey = make_journey()
    step = journey.live.messages.get()
    for day in (5, 9):
        Touch.objects.create(
            campaign=step, customer=one, enrolment=walk(make_journey(), one, "", at(31)), step=day, channel="phone",
            is_promotion=True, state="delivered", due_at=at(day), expires_at=at(31), key=world.new_key(),
            sent_at=at(day),
        )  # fmt: skip
    walk(journey, one, "rest", at(11))
    walk(journey, other, "rest", at(11))

    days = {day.on.day: day for day in pressure(MARCH, segment).days}

    assert (days[5].touches, days[9].touches, days[11].touches) == (1, 1, 2)
    assert days[11].over == 1
    assert days[9].is_past


def test_who_is_held_out_of_a_draft_is_not_counted(plain, members):
    world.make_global_holdout(2000)
    people = [world.make_customer() for _ in range(200)]
    segment = make_segment(members, people)
    draft = world.make_draft(scheduled_at=at(14), segment=segment, message=promotion(), holdout_bp=3000)
    ids = np.array(members[segment.pk], np.int64)
    treated = (buckets(f"campaign:{draft.pk}", ids) >= 3000) & (buckets("global-1", ids) >= 2000)

    days = {day.on.day: day for day in pressure(MARCH, None).days}

    assert days[14].touches == treated.sum() < 200


def test_a_cap_of_one_channel_counts_that_channel_alone(plain, members):
    world.make_channel("mail", "email")
    world.make_cap(relation="none", days=7, most=1, channel="mail")
    segment = make_segment(members, [world.make_customer() for _ in range(4)])
    world.make_draft(scheduled_at=at(14), segment=segment, message=promotion())
    world.make_draft(scheduled_at=at(15), segment=segment, message=promotion(), channel="mail")
    world.make_draft(scheduled_at=at(16), segment=segment, message=promotion(), channel="mail")

    days = {day.on.day: day for day in pressure(MARCH, None).days}

    assert [days[day].over for day in (14, 15, 16)] == [0, 0, 4]


def test_columns_say_the_same_as_counting_one_by_one():
    rng = np.random.default_rng(3)
    people = People(np.arange(30), rng.choice(["none", "two_way"], 30).astype(np.str_))
    rows, days = rng.integers(0, 30, 400), rng.integers(739_000, 739_040, 400)
    touches = Touches(rows, days, rng.choice(["a", "b"], 400).astype("<U30"))
    for channel, window, most in (("*", 7, 3), ("a", 14, 4), ("b", 1, 0), ("*", 30, None)):
        cap = FrequencyCap(relation="none", channel=channel, window_days=window, max_touches=most)
        mine = [
            (row, day)
            for row, day, through in zip(rows, days, touches.channels, strict=True)
            if people.relations[row] == "none" and channel in ("*", through)
        ]
        slow = {
            (row, day)
            for row, day in mine
            if most is not None and sum(other == row and day - window < on <= day for other, on in mine) > most
        }

        assert {divmod(int(key), 1 << 22) for key in _past(cap, people, touches)} == slow


def test_the_same_format_again_and_again_is_said(plain):
    for day in (2, 5, 12):
        world.make_draft(name=f"第{day}天", scheduled_at=at(day), place="trade")
    world.make_draft(scheduled_at=at(13), place="social")
    world.make_draft(scheduled_at=LONG_AGO, place="content")

    found = variety(MARCH)

    assert (found.campaigns, found.formats) == (4, 2)
    assert [campaign.name for campaign in found.repeated] == ["第2天", "第5天", "第12天"]
    assert found.is_tiring
    assert found.format.startswith("交易场")


def test_a_draft_moves_to_another_day_at_its_own_hour_and_back(plain):
    draft, unplanned = world.make_draft(scheduled_at=at(20, 19)), world.make_draft()

    before = move_to_day(draft.pk, date(2026, 3, 25), at=NOON)
    move_to_day(draft.pk, date(2026, 3, 25), at=NOON)
    assert move_to_day(unplanned.pk, date(2026, 3, 26), at=NOON) is None

    draft.refresh_from_db()
    unplanned.refresh_from_db()
    assert (before, draft.scheduled_at, unplanned.scheduled_at) == (at(20, 19), at(25, 19), at(26, 10))
    plan_for(draft.pk, before)
    plan_for(unplanned.pk, None)
    draft.refresh_from_db()
    unplanned.refresh_from_db()
    assert (draft.scheduled_at, unplanned.scheduled_at) == (at(20, 19), None)


def test_a_day_that_is_past_and_a_frozen_campaign_are_refused_and_stay(plain, monkeypatch):
    draft = world.make_draft(scheduled_at=at(20))
    frozen = world.frozen(monkeypatch, [world.make_customer()], scheduled_at=at(21))

    with pytest.raises(CannotSchedule, match="已经过去"):
        move_to_day(draft.pk, date(2026, 3, 9), at=NOON)
    with pytest.raises(WrongState, match="锁定"):
        move_to_day(frozen.pk, date(2026, 3, 25), at=NOON)

    draft.refresh_from_db()
    frozen.refresh_from_db()
    assert (draft.scheduled_at, frozen.scheduled_at) == (at(20), at(21))


def sign_in(client: Any, *permissions: str) -> None:
    user = User.objects.create_user(f"u{len(permissions)}")
    for name in permissions:
        room, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=room, codename=codename))
    client.force_login(user)


LOOK, CHANGE = "journeys.view_campaign", "journeys.change_campaign"
HTMX = {"HX-Request": "true"}


def test_a_stranger_may_not_look_and_a_looker_may_not_move(plain, client):
    draft = world.make_draft(scheduled_at=at(20))
    sign_in(client)
    for address in (
        "/calendar/",
        "/calendar/entries",
        "/calendar/pressure",
        f"/calendar/detail?key=campaign:{draft.pk}",
    ):
        assert client.get(address).status_code == 403
    sign_in(client, LOOK)
    assert client.get("/calendar/").status_code == 200
    assert client.post(f"/calendar/{draft.pk}/move", {"day": "2099-01-01"}).status_code == 403
    assert client.post(f"/calendar/{draft.pk}/restore?at=").status_code == 403
    draft.refresh_from_db()
    assert draft.scheduled_at == at(20)


def test_the_page_gives_entries_details_and_moves_with_a_way_back(plain, client, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: NOON)
    draft = world.make_draft(name="拖我", scheduled_at=at(20))
    sign_in(client, LOOK, CHANGE)
    asked = "start=2026-03-02&end=2026-04-06"

    (row,) = json.loads(client.get(f"/calendar/entries?{asked}").content)
    assert (row["title"], row["start"], row["startEditable"]) == ("拖我", "2026-03-20T10:00:00", True)
    assert "拖我" in client.get(row["url"], headers=HTMX).content.decode()
    assert client.get(row["url"]).headers["Location"] == "/calendar/?date=2026-03-20"
    assert "压力" in client.get(f"/calendar/pressure?{asked}").content.decode()

    answer = client.post(f"/calendar/{draft.pk}/move", {"day": "2026-03-22"}, headers=HTMX)
    line = json.loads(answer.headers["HX-Trigger"])["toasts"][0]
    draft.refresh_from_db()
    assert draft.scheduled_at == at(22)
    client.post(line["undo"])
    draft.refresh_from_db()
    assert draft.scheduled_at == at(20)


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "x", "end": "y"},
        {"start": "2026-03-02", "end": "2030-01-01"},
        {"date": "2026-13-40"},
        {"date": "0001-01-01", "segment": "no", "link": "no", "channel": "\x00", "calendars": "a,b"},
    ],
)
def test_bad_input_never_breaks_the_page(plain, client, asked):
    sign_in(client, LOOK, CHANGE)
    query = urlencode(asked)
    for address in ("/calendar/", "/calendar/entries", "/calendar/pressure"):
        assert client.get(f"{address}?{query}").status_code == 200
    for key in ("campaign:9", "campaign:x", "journey:1", "nothing", "task:", "moment:99999999999999999999", "review:0"):
        given = urlencode({"key": key, "day": "2026-03-10"})
        assert client.get(f"/calendar/detail?{given}", headers=HTMX).status_code in (200, 404)
    assert client.post("/calendar/1/move", {"day": "soon"}).status_code == 400
    assert client.post("/calendar/1/restore?at=soon").status_code == 400
    assert client.post("/calendar/99/move", {"day": "2099-01-01"}).status_code == 302
