"""欢迎语: checked and kept with a door or as the default, and chosen when somebody was added."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.translation import gettext as _

from homeground.growth import schedule, wording
from homeground.growth.errors import BadWelcome
from homeground.growth.given import WelcomeGiven
from homeground.growth.models import Door, Welcome, WelcomePicture
from homeground.growth.queries.duty import SQL
from homeground.people.models import Relation
from homeground.wecom.services.welcome import Asked, WelcomeMessage

_BYTES = 4000  # Of the text, notice included.
_TITLE_BYTES = {Welcome.Attachment.LINK: 128, Welcome.Attachment.MINI_PROGRAM: 64}
_STRONG = (Relation.TWO_WAY, Relation.MANY_WAY)
Kind = Welcome.Attachment


def choose_welcome(asked: Asked) -> WelcomeMessage | None:
    """The welcome for a new friend: the door's first that fits hour, weekday and relation, else the default's.

    One query, two where only the door's notice is to be told. None: there is nothing to say.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            (SQL / "welcome.sql").read_text(),
            {"state": asked.state, "userid": asked.userid.lower(), "external_userid": asked.external_userid},
        )
        found = cursor.fetchall()
    weekday, minute = schedule.wall(asked.at, found[0][0]) if found else (0, 0)
    for zone_and_who in found:
        row = _Row(*zone_and_who)
        if row.fits(weekday, minute):
            return row.message()
    return _notice_alone(asked.state)


def _notice_alone(state: str) -> WelcomeMessage | None:
    notice = Door.objects.filter(token=state, retired_at=None).values_list("consent_notice", flat=True).first()
    return WelcomeMessage(notice) if notice else None


@transaction.atomic
def save_default_welcomes(given: Sequence[WelcomeGiven]) -> None:
    """Replace what friends are told who came through no door, or through one that says nothing. Raises BadWelcome."""
    keep_welcomes(None, given)


def keep_welcomes(door: Door | None, given: Sequence[WelcomeGiven], notice: str = "") -> None:
    """Replace a door's welcomes (None: the default's), in the caller's transaction. Raises BadWelcome."""
    for one in given:
        _check(one, notice)
    Welcome.objects.filter(door=door).delete()
    Welcome.objects.bulk_create(
        Welcome(
            door=door, position=place, weekdays=list(one.weekdays), start_minute=one.start_minute,
            end_minute=one.end_minute, relation=one.relation, text=one.text.strip(), attachment=one.attachment,
            title=one.title, url=one.url, appid=one.appid, picture_id=one.picture_id,
        )
        for place, one in enumerate(given)
    )  # fmt: skip


def _check(given: WelcomeGiven, notice: str) -> None:
    wording.check_places(given.text)
    if not given.text.strip() and not given.attachment:
        raise BadWelcome(_("欢迎语的文字和附件不能都空着。"))
    if len(f"{given.text}\n\n{notice}".encode()) > _BYTES:
        raise BadWelcome(_("欢迎语太长：连同告知最多 4000 字节，约 1300 个汉字。"))
    if not given.weekdays or given.start_minute == given.end_minute:
        raise BadWelcome(_("欢迎语的时段至少要有一天，开始和结束不能相同。"))
    _check_attachment(given)


def _check_attachment(given: WelcomeGiven) -> None:
    longest = _TITLE_BYTES.get(Kind(given.attachment))
    if longest and not 0 < len(given.title.encode()) <= longest:
        raise BadWelcome(_("附件要有标题，最多 %d 字节（一个汉字 3 字节）。") % longest)
    if given.attachment == Kind.LINK and not _is_address(given.url):
        raise BadWelcome(_("链接要以 http:// 或 https:// 开头。"))
    if given.attachment in (Kind.IMAGE, Kind.MINI_PROGRAM) and not given.picture_id:
        raise BadWelcome(_("请上传图片：图片和小程序封面都需要。"))
    if given.attachment == Kind.MINI_PROGRAM and not (given.appid and given.url):
        raise BadWelcome(_("小程序要填 AppID 和页面路径。"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class _Row:
    """One candidate, with who is told and by whom."""

    def __init__(self, zone: str, brand: str, staff: str, name: str, relation: str, notice: str, *rest: Any) -> None:
        self.values: Mapping[str, str] = {"brand": brand, "staff": staff, "name": name}
        self.is_strong, self.notice = relation in _STRONG, notice
        weekdays, start, end, self.wanted, self.text, self.kind, self.title, self.url, self.appid, *pictures = rest
        self.span = schedule.Span(frozenset(weekdays), start, end)
        self.picture_url, self.media_id = pictures

    def fits(self, weekday: int, minute: int) -> bool:
        """Whether it is for this hour and this relation."""
        is_for = self.wanted in ("", "strong" if self.is_strong else "weak")
        return is_for and self.span.covers(weekday, minute)

    def message(self) -> WelcomeMessage:
        """What is sent: an attachment whose picture is not uploaded yet is left out."""
        text = wording.filled(self.text, self.values)
        attachment = self._attachment()
        said = "\n\n".join(part for part in (text, self.notice) if part)
        return WelcomeMessage(said, (attachment,) if attachment else ())

    def _attachment(self) -> dict[str, Any] | None:
        if self.kind == Kind.LINK:
            picture = {"picurl": self.picture_url} if self.picture_url else {}
            return {"msgtype": "link", "link": {"title": self.title, "url": self.url} | picture}
        if self.kind == Kind.IMAGE and self.picture_url:
            return {"msgtype": "image", "image": {"pic_url": self.picture_url}}
        if self.kind == Kind.MINI_PROGRAM and self.media_id:
            card = {"title": self.title, "pic_media_id": self.media_id, "appid": self.appid, "page": self.url}
            return {"msgtype": "miniprogram", "miniprogram": card}
        return None


def keep_picture(name: str, content_type: str, body: bytes) -> WelcomePicture:
    """Keep a picture for a welcome; upload_pictures() uploads it. Raises BadWelcome for what the platform refuses."""
    if not body.startswith((b"\x89PNG", b"\xff\xd8\xff")) or not 5 < len(body) <= 2 * 1024 * 1024:
        raise BadWelcome(_("图片要是 2 MB 以内的 PNG 或 JPG。"))
    return WelcomePicture.objects.create(name=name[-100:], content_type=content_type[:20], body=body)
