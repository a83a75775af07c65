import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from homeground.content.models import Message, QuickReply
from homeground.journeys.models import Journey
from homeground.loyalty.models import CouponKind
from homeground.playbooks.models import Installation
from homeground.playbooks.pack.reading import pack_of, packs
from homeground.playbooks.services import Asked, install
from tests.playbooks.world import make_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    make_brand()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("owner", password="of-the-house-1"))
    return client


def chosen(**more: str) -> dict[str, str]:
    return {"language": "zh", "channel_wecom_mass": "wecom", "channel_phone": "phone"} | more


def as_reader(*codenames: str) -> Client:
    reader = get_user_model().objects.create_user("reader", password="of-the-house-1")
    reader.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(reader)
    return client


def test_three_answers_lead_to_one_type(client):
    page = client.get(
        reverse("playbooks:list"), {"price": "high", "cycle": "long", "frequency": "low", "buyer": "person"}
    )

    assert page.status_code == 200
    assert page.context["proposal"]["pack"].slug == "big-decision"
    assert [card["pack"].slug for card in page.context["cards"] if card["is_proposed"]] == ["big-decision"]


def test_nonsense_in_the_questions_is_no_failure(client):
    assert client.get(reverse("playbooks:list"), {"price": "x", "cycle": "\x00"}).status_code == 200
    assert client.get(reverse("playbooks:pack", args=["everyday"]), {"audience": "-1"}).status_code == 200
    assert client.get(reverse("playbooks:pack", args=["nobody"])).status_code == 404


@pytest.mark.parametrize("slug", [pack.slug for pack in packs()])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_pack_is_shown_before_it_is_installed(client, slug, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("playbooks:pack", args=[slug]))

    assert page.status_code == 200
    words = pack_of(slug).name
    assert (words.en if language == "en" else words.zh) in page.content.decode()


def test_installing_by_a_click_shows_what_was_made(client):
    response = client.post(reverse("playbooks:install", args=["everyday"]), chosen())

    assert response.url == reverse("playbooks:results", args=["everyday"])
    page = client.get(response.url)
    assert page.status_code == 200
    assert "____" in page.content.decode()  # Samples that are to be filled in first.
    assert client.get(reverse("playbooks:upgrade", args=["everyday"])).status_code == 200


def test_the_home_page_shows_exactly_the_main_metrics_of_the_pack(client):
    assert client.get(reverse("playbooks:at_home")).content == b""
    install(pack_of("everyday"), Asked(), by="owner")

    page = client.get(reverse("playbooks:at_home"))

    assert [one["shown"].metric.key for one in page.context["main"]] == ["participation", "repurchase", "popularity"]
    assert "反感率" in page.content.decode()
    assert as_reader().get(reverse("playbooks:at_home")).status_code == 403


def test_a_coupon_without_stock_is_named_and_keeps_its_journey_a_draft(client):
    client.post(reverse("playbooks:install", args=["everyday"]), chosen())
    Message.objects.update(body="好的")

    page = client.post(reverse("playbooks:publish", args=["everyday"]), follow=True).content.decode()

    assert "联名加料券" in page
    assert dict(Journey.objects.values_list("slug", "state"))["everyday-joint"] == "draft"
    CouponKind.objects.update(stock=10)
    client.post(reverse("playbooks:publish", args=["everyday"]))
    assert set(Journey.objects.values_list("state", flat=True)) == {"live"}


def test_a_wrong_choice_installs_nothing(client):
    response = client.post(reverse("playbooks:install", args=["everyday"]), chosen(channel_phone="nobody"))

    assert response.status_code == 422
    assert not Installation.objects.exists()


def test_publishing_says_which_journeys_stay_drafts(client):
    client.post(reverse("playbooks:install", args=["everyday"]), chosen())

    response = client.post(reverse("playbooks:publish", args=["everyday"]), follow=True)

    assert response.status_code == 200
    assert "还是草稿" in response.content.decode()


def test_an_edited_piece_cannot_be_overwritten_from_the_page(client):
    install(pack_of("everyday"), Asked(), by="owner")
    QuickReply.objects.filter(title="缺货").update(text="我们的说法")

    response = client.post(reverse("playbooks:upgrade", args=["everyday"]), {"change": ["reply:out"]})

    assert response.status_code == 422
    assert QuickReply.objects.get(title="缺货").text == "我们的说法"


def test_removing_by_a_click(client):
    install(pack_of("everyday"), Asked(), by="owner")

    assert client.post(reverse("playbooks:remove", args=["everyday"])).url == reverse("playbooks:list")
    assert not Installation.objects.exists()
    assert client.get(reverse("playbooks:results", args=["everyday"])).status_code == 404


@pytest.mark.parametrize("name", ["install", "publish", "remove", "upgrade"])
def test_who_may_only_look_changes_nothing(db, name):
    make_brand()
    install(pack_of("everyday"), Asked(), by="owner")
    reader = as_reader("view_installation")

    assert reader.get(reverse("playbooks:list")).status_code == 200
    assert reader.get(reverse("playbooks:results", args=["everyday"])).status_code == 200
    assert reader.post(reverse(f"playbooks:{name}", args=["everyday"]), chosen()).status_code == 403
    assert Installation.objects.exists()


def test_publishing_needs_the_right_to_publish_journeys(db):
    make_brand()
    install(pack_of("everyday"), Asked(), by="owner")

    assert as_reader("install_playbook").post(reverse("playbooks:publish", args=["everyday"])).status_code == 403


@pytest.mark.parametrize("name", ["list", "pack", "results"])
def test_a_stranger_sees_nothing(db, name):
    make_brand()
    install(pack_of("everyday"), Asked(), by="owner")
    address = reverse(f"playbooks:{name}", args=[] if name == "list" else ["everyday"])

    assert as_reader().get(address).status_code == 403
    assert Client().get(address).status_code == 302
