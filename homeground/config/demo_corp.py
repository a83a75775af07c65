"""The demo's second chapter: a corp on this machine - staff, customers, a door, a day of chats, a mass send.

Everything goes the way it would with a real corp: through the client, the callbacks and the staff's phones. Only the
people are played, by the sandbox. One member of staff does not confirm: that is left to whoever tries the demo.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from homeground.content.models import Message
from homeground.content.services import save_message
from homeground.core import time
from homeground.core.loop import Link
from homeground.core.terminal import say
from homeground.events import stream
from homeground.growth.given import DoorGiven, WelcomeGiven
from homeground.growth.models import Source
from homeground.growth.services import doors, placing, sources
from homeground.ingest.services.tokens import create_token
from homeground.journeys import services as journeys
from homeground.journeys.models import Campaign, Outcome, Place, State
from homeground.people.models import Identity
from homeground.people.queries import brand, survivors
from homeground.people.services import tag, upsert_customers
from homeground.sandbox.models import MassTask
from homeground.sandbox.services import callbacks as outgoing
from homeground.sandbox.services.playing_corp import archive
from homeground.sandbox.services.simulating import building, living
from homeground.sandbox.services.wecom import corp as sandbox
from homeground.sandbox.services.wecom import mass
from homeground.segments import services as segments
from homeground.segments.models import Segment
from homeground.service.models import Queue
from homeground.service.services import experts, sorting, tickets
from homeground.wecom.models import Callback, Corp, ExternalContact, MassSendRecipient, Staff
from homeground.wecom.services import callbacks, connecting, mass_sends, sync

STAFF, CUSTOMERS, SEED = 6, 300, 7
LINKED = 200  # Friends who are customers of the order log.
CAMPAIGN = "老客上新：企微群发"
FRIENDS = "企微好友"
BODY = """老朋友好，秋季新品到店了。
您是我们的老客，到店报姓名就有一份小礼物，也可以直接回复我帮您留。"""
WELCOME = "{{name|朋友}}您好，我是{{staff}}，选礼物、查订单、售后都可以直接找我。"
NOTICE = "添加即表示同意我们通过企业微信给您发送上新与优惠，回复“退订”随时停止。"


def play(address: str) -> None:
    """Tell the chapter as far as it is not told yet. address: where this process serves, with http://."""
    say("企微 1/4 接入沙盒企业：6 名员工、300 位好友，全量同步")
    _connect(address)
    friends = _know_friends()
    say("企微 2/4 渠道活码，和一天的聊天、加好友、入群")
    _open_door()
    _live()
    say("企微 3/4 给老客建一次企微群发：对照组、额度、员工确认")
    campaign = _campaign(friends)
    say("企微 4/4 员工在手机上确认（留一位没有确认，等您来点）")
    _confirm(campaign)


def _connect(address: str) -> None:
    if Corp.objects.exists():
        return
    building.build(STAFF, CUSTOMERS, SEED)
    # No waiting for the platform: the demo confirms at once.
    sandbox.change(callback_url=sandbox.CALLBACK_PATH, name="Online Retail 演示企业", dispatch_seconds=0)
    given = sandbox.credentials()
    connecting.connect_corp(
        corpid=given["corpid"],
        contact_secret=given["contact_secret"],
        secret=given["secret"],
        agentid=str(given["agentid"]),
        token=given["token"],
        aes_key=given["aes_key"],
        base_url=f"{address}/sandbox/wecom/",
        name="Online Retail 演示企业",
    )
    sync.run(full=True)
    stream.drain()


def _know_friends() -> Segment:
    """Some friends are customers of the log, as their log-in at the shop would tell: the demo says which."""
    if found := Segment.objects.filter(slug="friends").first():
        return found
    external = ExternalContact.objects.order_by("pk").values_list("external_userid", flat=True)[:LINKED]
    members = Identity.objects.filter(kind="member_no").order_by("pk").values_list("value", flat=True)[:LINKED]
    pairs = pl.DataFrame({"member_no": list(members), "wecom_external": list(external)[: len(members)]})
    upsert_customers(pairs, source="demo")
    stream.drain()
    known = Identity.objects.filter(kind="wecom_external", value__in=list(external)).values_list("customer", flat=True)
    tag(sorted(set(survivors(known).values())), FRIENDS, "import", "demo")
    rule = {"tag": [FRIENDS]}
    segment = segments.create(slug="friends", name=FRIENDS, rule=rule, link=Link.RETAIN, created_by="demo")

    stream.drain()
    segments.refresh(segment)
    stream.drain()
    return segment


def _open_door() -> None:
    if Source.objects.filter(name="门店收银台").exists():
        return
    source = sources.save_source(None, {"name": "门店收银台", "kind": "offline", "note": "收银台立牌上的码"})
    staff = tuple(Staff.objects.filter(is_active=True).values_list("pk", flat=True)[:4])
    door = doors.save_door(
        DoorGiven(
            kind="live_code",
            name="门店收银台活码",
            source_id=source.pk,
            tags=("门店客户",),
            staff_ids=staff[:3],
            backup_ids=staff[3:],
            daily_limit=50,
            welcomes=(WelcomeGiven(text=WELCOME),),
            consent_notice=NOTICE,
        ),
        by="demo",
    )
    placing.place_door(door.pk)
    tickets.set_members(Queue.AFTER_SALES, list(staff[:2]))
    experts.add_credential(
        staff[2],
        title="公共营养师（演示）",
        number="DEMO-001",
        issuer="演示发证机构",
        issued_on=date(2024, 1, 1),
        expires_on=None,
        by="demo",
    )
    experts.save_profile(staff[2], headline="门店选品顾问", introduction="", expertise="礼品搭配、收纳", is_shown=True)
    tickets.set_members(Queue.EXPERT, [staff[2]])


def _live() -> None:
    """A day in which people come, talk and leave; told by callbacks and by the archive, as with a real corp."""
    if Callback.objects.exists():
        return
    archive.switch(is_on=True, token=create_token("沙盒会话存档", ("manage",)))
    living.live(1, SEED, most=120)
    archive.push_due()
    _settle()
    sorting.sort_messages()
    stream.drain()


def _settle() -> None:
    """Send the day's callbacks out and handle them as they come in."""
    outgoing.send_due()
    callbacks.handle_waiting()
    stream.drain()


def _campaign(friends: Segment) -> Campaign:
    if campaign := Campaign.objects.filter(name=CAMPAIGN).exclude(state=State.DRAFT).first():
        return campaign
    campaign = Campaign.objects.filter(name=CAMPAIGN).first() or _draft(friends)
    noon = _last_noon()
    campaign = journeys.freeze_campaign(campaign.pk, at=noon)
    journeys.start_campaign(campaign.pk, at=noon)
    journeys.dispatch(campaign.pk, at=noon)
    return Campaign.objects.get(pk=campaign.pk)


def _last_noon() -> datetime:
    """The shop's last noon: whoever tries the demo at night need not wait for the end of the quiet hours."""
    local = time.now().astimezone(ZoneInfo(brand().time_zone))
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon <= local else noon - timedelta(days=1)


def _draft(friends: Segment) -> Campaign:
    message = save_message(
        Message(name="老客上新（企微）", link=Link.RETAIN, body=BODY, channel_kind="wecom_mass", is_promotion=True)
    )
    return journeys.save_draft(
        Campaign(
            name=CAMPAIGN,
            link=Link.RETAIN,
            segment=friends,
            offer="到店小礼物",
            place=Place.SOCIAL,
            channel="wecom",
            message=message,
            hypothesis="老客信任自己的顾问，由顾问亲手发出的上新，比短信更能带来到店和复购。",
            primary_outcome=Outcome.ORDERED,
            base_bp=1500,
            expected_lift_bp=2000,
            window_days=14,
            holdout_bp=1000,
            created_by="demo",
        )
    )


def _confirm(campaign: Campaign) -> None:
    """All but the last member confirm on their phones; then the results are read."""
    if MassSendRecipient.objects.filter(mass_send__campaign_id=campaign.pk, status=1).exists():
        return
    mass_sends.poll(is_hurried=True)  # Who has to confirm; they are told.
    tasks = MassTask.objects.filter(sent_at=None).order_by("member")
    for task in list(tasks)[:-1]:
        mass.confirm(task)
    mass_sends.poll(is_hurried=True)
    stream.drain()
