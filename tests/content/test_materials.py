import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from homeground.content.errors import BadFile
from homeground.content.films import seconds_of
from homeground.content.models import Material, MaterialBytes, MaterialUpload
from homeground.content.services import keep_material, platform_attachments
from tests.content.world import film, picture

pytestmark = pytest.mark.django_db


def content_of(material):
    return bytes(MaterialBytes.objects.get(pk=material.pk).content)


@pytest.mark.parametrize(
    ("size", "kept"), [((40, 30), (40, 30)), ((3000, 4000), (1080, 1440)), ((500, 12000), (450, 10800))]
)
def test_a_picture_is_scaled_to_what_the_platform_takes(size, kept):
    material = keep_material(picture(size), "op")

    assert (material.width, material.height) == kept
    assert Image.open(io.BytesIO(content_of(material))).size == kept


def test_a_picture_loses_what_the_camera_wrote_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by 90 degrees.
    exif.get_ifd(0x8825)[1] = "N"  # Where it was taken.
    material = keep_material(picture((40, 30), exif=exif), "op")

    assert (material.width, material.height) == (30, 40)
    assert not Image.open(io.BytesIO(content_of(material))).getexif()


def test_a_picture_with_holes_stays_png():
    assert keep_material(picture(form="PNG", mode="RGBA"), "op").content_type == "image/png"


def test_the_same_file_is_kept_once():
    assert keep_material(picture(), "op").pk == keep_material(picture(name="b.jpg"), "op").pk
    assert MaterialBytes.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        SimpleUploadedFile("a.jpg", b""),
        SimpleUploadedFile("a.jpg", b"not a picture"),
        SimpleUploadedFile("a.jpg", picture().read()[:200]),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0nothing follows"),
        film(seconds=31),
    ],
)
def test_what_cannot_be_used_is_refused_and_not_kept(given):
    with pytest.raises(BadFile):
        keep_material(given, "op")

    assert not Material.objects.exists()


def test_a_bomb_is_not_unpacked():
    with pytest.raises(BadFile):
        keep_material(picture((20_000, 20_000), form="PNG", mode="1"), "op")


def test_a_film_says_how_long_it_is():
    assert keep_material(film(seconds=12), "op").seconds == 12


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_films(noise):
    whole = film().read()
    for content in (noise, whole[:24] + noise, whole + noise):
        seconds_of(content)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_uploaded_once_and_again_when_the_platform_forgot_it(platform):
    material = keep_material(picture(), "op")
    items = [{"kind": "image", "material": material.pk}]

    first = platform_attachments(items, "moments")
    again = platform_attachments(items, "moments")
    MaterialUpload.objects.update(uploaded_at=MaterialUpload.objects.get().uploaded_at - timedelta(days=3))
    later = platform_attachments(items, "moments")

    assert first == again == [{"msgtype": "image", "image": {"media_id": first[0]["image"]["media_id"]}}]
    assert later != first
    assert platform.count("upload_attachment") == 2


@pytest.mark.django_db(transaction=True)
def test_cards_of_a_mass_message_become_the_platforms(platform):
    cover = keep_material(picture(), "op").pk
    given = [
        {"kind": "link", "title": "新茶", "url": "https://a.example", "description": "限量", "material": cover},
        {"kind": "miniprogram", "title": "商城", "appid": "wx1", "page": "pages/a", "material": cover},
    ]

    link, card = platform_attachments(given, "mass")

    assert (link["link"]["title"], link["link"]["desc"], link["link"]["picurl"][:4]) == ("新茶", "限量", "http")
    assert card["miniprogram"]["pic_media_id"]
    assert platform.count("uploadimg") == 1
