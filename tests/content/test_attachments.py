import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeground.content.errors import BadAttachment, BadPlan, BadText
from homeground.content.models import Material, Message
from homeground.content.services import save_message
from homeground.content.services.attachments import checked
from homeground.content.services.plans import check_text

pytestmark = pytest.mark.django_db

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=150)
LONG = st.builds(lambda letter, times: letter * times, st.sampled_from("a茶é😀\n"), st.integers(0, 4200))


@pytest.fixture
def files():
    """An image and a film, by kind."""
    kinds = {"image": "image/png", "video": "video/mp4"}
    return {
        kind: Material.objects.create(kind=kind, name=kind, digest=kind, content_type=form, size_bytes=1).pk
        for kind, form in kinds.items()
    }


def allowed(item, files):
    """A plain reading of one attachment in Moments."""
    if item["kind"] in ("image", "video"):
        return item["material"] == files[item["kind"]]
    title, url = item["title"].strip(), item["url"].strip()
    return (
        item["kind"] == "link"
        and 0 < len(title) <= 64
        and len(title.encode("utf-8")) <= 128
        and url.startswith(("http://", "https://"))
        and len(url.encode("utf-8")) <= 2048
        and item["material"] == files["image"]
    )


def plainly(items, files):
    """A plain reading of the documented limits of a post in Moments."""
    kinds = [item["kind"] for item in items]
    one_kind = not kinds or (kinds == ["video"] or kinds == ["link"] or (set(kinds) == {"image"} and len(kinds) <= 9))
    return one_kind and all(allowed(item, files) for item in items)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_moments_may_carry_is_what_the_documents_say(files, data):
    materials = st.sampled_from([files["image"], files["video"], 10**9, None])
    urls = st.sampled_from(["https://a.example", "ftp://a.example", "", "https://a.example/" + "茶" * 700])
    items = data.draw(
        st.lists(
            st.one_of(
                st.fixed_dictionaries({"kind": st.just("image"), "material": materials}),
                st.fixed_dictionaries({"kind": st.just("video"), "material": materials}),
                st.fixed_dictionaries({"kind": st.just("link"), "title": WORDS, "url": urls, "material": materials}),
                st.just({"kind": "miniprogram", "title": "t", "url": "", "material": files["image"]}),
            ),
            max_size=3,
        )
        | st.integers(0, 11).map(lambda many: [{"kind": "image", "material": files["image"]}] * many)
    )

    try:
        checked(items, "moments")
        is_taken = True
    except BadAttachment:
        is_taken = False

    assert is_taken == plainly(items, files)


@settings(deadline=None)
@given(LONG)
def test_a_text_is_bounded_by_characters_and_by_bytes(text):
    fits = len(text) <= 2000 and len(text.encode("utf-8")) <= 4000

    try:
        check_text(text)
        is_taken = True
    except BadPlan:
        is_taken = False

    assert is_taken == fits


@settings(deadline=None)
@given(LONG, st.sampled_from(["wecom_mass", "wecom_moments"]), st.booleans())
def test_a_shared_message_is_bounded_and_leaves_room_to_opt_out(text, kind, is_promotion):
    most = 4000 if kind == "wecom_mass" else 2000
    room = 4000 - (200 if is_promotion else 0)
    fits = bool(text.strip()) and len(text) <= most and len(text.encode("utf-8")) <= room
    Message.objects.all().delete()

    try:
        save_message(Message(name="m", link="convert", channel_kind=kind, body=text, is_promotion=is_promotion))
        is_taken = True
    except BadText:
        is_taken = False

    assert is_taken == fits == Message.objects.exists()


@pytest.mark.parametrize("kind", ["wecom_mass", "wecom_moments"])
def test_a_shared_message_names_nobody(kind):
    with pytest.raises(BadText, match="人人相同"):
        save_message(Message(name="m", link="convert", channel_kind=kind, body="{{称呼|您}}好"))

    save_message(Message(name="m", link="convert", channel_kind=kind, body="{{brand}}祝大家好"))


def test_a_mass_message_may_mix_and_a_plain_one_carries_nothing(files):
    card = {"kind": "miniprogram", "title": "商城", "appid": "wx1", "page": "pages/a", "material": files["image"]}
    link = {"kind": "link", "title": "新茶", "url": "https://a.example", "description": "", "material": None}
    mixed = [{"kind": "image", "material": files["image"]}, link, card]

    saved = save_message(Message(name="m", link="convert", channel_kind="wecom_mass", body="", attachments=mixed))

    assert [item["kind"] for item in saved.attachments] == ["image", "link", "miniprogram"]
    with pytest.raises(BadText):
        save_message(Message(name="n", link="convert", channel_kind="phone", body="x", attachments=mixed))


@pytest.mark.parametrize("made_up", ["x", {"kind": "image"}, [1], [{"kind": []}], [{"kind": "image", "material": "1"}]])
def test_what_was_made_up_is_refused(made_up):
    with pytest.raises(BadAttachment):
        checked(made_up, "mass")
