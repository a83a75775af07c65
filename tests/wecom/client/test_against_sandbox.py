"""The client over HTTP against the sandbox corp, connected by its base URL and secrets alone."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest

from homeground.sandbox.models import MassTask, Member, MomentTask
from homeground.sandbox.services import simulating
from homeground.sandbox.services.wecom import clock, corp, login
from homeground.sandbox.services.wecom import mass as sandbox_mass
from homeground.sandbox.services.wecom import moments as sandbox_moments
from homeground.wecom.client import (
    Api,
    WeComError,
    budget,
    connect,
    contacts,
    groups,
    jssdk,
    links,
    mass,
    media,
    messages,
    moments,
    oauth,
    staff,
    statistics,
    tags,
    tokens,
    transfer,
    transport,
    ways,
)
from homeground.wecom.models import Corp
from homeground.wecom.services import connecting
from homeground.wecom.services.connecting import connect_corp

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(live_server, transactional_db) -> Iterator[Api]:
    """A small corp, connected."""
    tokens._held.clear()
    budget.forget()
    simulating.build(3, 25, 1)
    given = corp.credentials()
    names = ("corpid", "contact_secret", "secret", "agentid", "token", "aes_key")
    connect_corp(**{name: str(given[name]) for name in names}, base_url=f"{live_server.url}/sandbox/wecom/")
    yield connect()
    transport.close()


def test_contacts_of_all_staff_are_the_same_by_every_call(api):
    members = staff.follow_users(api)
    listed = {(member, one) for member in members for one in contacts.ids(api, member)}
    batched, cursor = set(), ""
    while True:
        page = contacts.by_staff(api, members, cursor, limit=7)
        batched |= {(row.follow.userid, row.contact.external_userid) for row in page.items}
        if not (cursor := page.next_cursor):
            break
    detailed = {(tie.userid, one) for one in {one for _member, one in listed} for tie in contacts.get(api, one).follows}

    assert len(members) == 3
    assert listed == batched == detailed
    assert len({one for _member, one in listed}) == 25
    assert staff.member(api, members[0]).name


def test_tags_go_there_and_come_back(api):
    member = staff.follow_users(api)[0]
    someone = contacts.ids(api, member)[0]
    (made,) = tags.add(api, "消费阶段", ["已消费"])
    tags.mark(api, member, someone, add=[made.tag_id])
    contacts.remark(api, member, someone, remark="王女士")

    tie = next(tie for tie in contacts.get(api, someone).follows if tie.userid == member)
    assert made.tag_id in tie.tag_ids
    assert tie.remark == "王女士"
    assert made.tag_id in {tag.tag_id for tag in tags.tags(api)}
    with pytest.raises(WeComError) as refusal:
        tags.mark(api, member, someone, add=["et-none"])
    assert refusal.value.code == 40068


def test_a_code_is_made_read_changed_and_deleted(api):
    member = staff.follow_users(api)[0]
    made = ways.add(api, ways.WaySpec([member], "d1", "门店"))
    ways.update(api, made.config_id, ways.WaySpec([member], "d2", "门店", skip_verify=True))
    found = ways.get(api, made.config_id)
    assert (found.state, found.skip_verify, found.users) == ("d2", True, (member,))
    assert made.config_id in ways.list_page(api).items

    ways.delete(api, made.config_id)
    with pytest.raises(WeComError):
        ways.get(api, made.config_id)


def test_a_mass_send_is_placed_confirmed_and_its_results_read(api):
    member = staff.follow_users(api)[0]
    receivers = contacts.ids(api, member)[:3]
    created = mass.create(api, mass.MassSpec("本周上新", external_userids=receivers, sender=member))
    _later(minutes=5)
    (task,) = mass.tasks_page(api, created.msgid).items
    assert (task.userid, task.is_sent) == (member, False)

    sandbox_mass.confirm(MassTask.objects.get())

    (task,) = mass.tasks_page(api, created.msgid).items
    results = mass.results_page(api, created.msgid, member).items
    assert task.is_sent
    assert {one.recipient for one in results} == set(receivers)
    assert {one.status for one in results} == {1}
    listed = mass.list_page(api, clock.now() - timedelta(days=1), clock.now() + timedelta(minutes=1)).items
    assert created.msgid in [one.msgid for one in listed]


def test_a_moment_is_placed_published_and_seen(api):
    member = staff.follow_users(api)[0]
    jobid = moments.create(api, moments.MomentSpec("今天的花开了", users=[member]))
    _later(minutes=5)
    job = moments.result(api, jobid)
    assert (job.is_done, job.errcode) == (True, 0)
    sandbox_moments.publish(MomentTask.objects.get())

    assert moments.tasks_page(api, job.moment_id).items == (moments.MomentTask(member, True),)
    assert set(moments.viewers_page(api, job.moment_id, member).items) == set(contacts.ids(api, member))
    assert moments.reactions(api, job.moment_id, member) == moments.Reactions((), ())


def test_customers_change_hands(api):
    giver, taker, _other = staff.follow_users(api)
    mine = contacts.ids(api, giver)
    theirs = set(contacts.ids(api, taker))
    moving = [one for one in mine if one not in theirs][:2]

    assert transfer.start(api, giver, taker, moving) == dict.fromkeys(moving, 0)
    assert {one.status for one in transfer.results_page(api, giver, taker).items} == {transfer.WAITING}
    _later(hours=25)
    assert {one.status for one in transfer.results_page(api, giver, taker).items} == {transfer.DONE}
    assert set(moving) <= set(contacts.ids(api, taker))


def test_groups_figures_messages_media_and_links_answer(api):
    members = staff.follow_users(api)
    for ref in groups.list_page(api, owners=members).items:
        assert groups.get(api, ref.chat_id).members
    day = clock.now() - timedelta(days=1)
    assert len(statistics.behaviour(api, members, day, day)) == 1
    agent = connect("agent")
    assert messages.send_text(agent, agent.agentid, members, "有 2 条群发待确认").invalid == ()
    assert media.upload(api, "image", "a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    link = links.create(api, links.LinkSpec("官网", members[:1]))
    assert links.get(api, link.link_id).users == (members[0],)
    assert links.quota(api).total >= 0


def test_who_opens_a_page_is_known_and_the_sidebar_is_signed_for(api):
    agent = connect("agent")
    member = Member.objects.order_by("pk").first()
    code = login.code_for(member=member)

    assert oauth.identity(agent, code).userid == member.userid.lower()
    with pytest.raises(WeComError):
        oauth.identity(agent, code)  # Single use.
    assert jssdk.corp_signature(agent, "https://a.cn/").signature
    assert jssdk.agent_signature(agent, "https://a.cn/").agentid == agent.agentid


def test_a_token_that_the_platform_forgot_is_renewed_by_itself(api):
    contacts.ids(api, staff.follow_users(api)[0])
    held = tokens._held[api.keys]
    tokens._held[api.keys] = tokens._Held("forgotten", held.renew_at)

    assert staff.follow_users(api)


def _later(**span: int) -> None:
    """The corp's clock goes on."""
    clock.shift(int(timedelta(**span).total_seconds()))


def test_a_sandbox_that_listens_elsewhere_now_is_followed_and_no_other_corp_is(api, live_server):
    before = "http://127.0.0.1:9/sandbox/wecom/"
    Corp.objects.update(base_url=before)

    with patch.object(connecting, "_plain", lambda sealed: "another corp's"):
        assert not connecting.follow_home(live_server.url)
    assert Corp.objects.get().base_url == before

    assert connecting.follow_home(live_server.url)
    assert Corp.objects.get().base_url == f"{live_server.url}/sandbox/wecom/"
    assert staff.follow_users(connect())

    for real in ("https://qyapi.weixin.qq.com/", "https://proxy.example.com/sandbox/wecom/"):
        Corp.objects.update(base_url=real)
        assert not connecting.follow_home(live_server.url)
