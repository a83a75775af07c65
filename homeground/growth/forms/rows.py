"""Rows that an operator adds and takes away: shifts, groups in line, welcomes. Each has a key of its own in its names.

The order of the page is the order of the hidden fields that carry the keys.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from homeground.growth.forms.fields import MinuteField, StaffField, WeekdaysField
from homeground.growth.given import EVERY_DAY, GroupGiven, ShiftGiven, WelcomeGiven
from homeground.growth.models import Welcome, WelcomePicture
from homeground.growth.models.doors import FULL
from homeground.growth.schedule import DAY
from homeground.growth.services.welcomes import keep_picture
from homeground.ui.forms import PickMany, PickOne
from homeground.wecom.models import GroupChat

Files = MultiValueDict[str, Any]


class _Row(forms.Form):
    """One row; its key stands in the names of its fields."""

    key: str
    kind: str

    def __init__(self, key: str, given: Any = None, files: Any = None, initial: Any = None) -> None:
        super().__init__(given, files, prefix=f"{self.kind}-{key}", initial=initial)
        self.key = key


class ShiftForm(_Row):
    """Weekly hours and who is on."""

    kind = "shift"
    staff = StaffField(label=_("员工"), widget=PickMany)
    weekdays = WeekdaysField(initial=EVERY_DAY[:5])
    start = MinuteField(label=_("开始"), initial=9 * 60)
    end = MinuteField(label=_("结束"), initial=18 * 60, is_end=True, help_text=_("早于开始就是跨夜，到第二天。"))

    def said(self) -> ShiftGiven:
        given = self.cleaned_data
        staff = tuple(sorted(one.pk for one in given["staff"]))
        return ShiftGiven(tuple(sorted(given["weekdays"])), given["start"], given["end"], staff)

    @staticmethod
    def shown(given: ShiftGiven) -> dict[str, Any]:
        return {
            "staff": given.staff_ids, "weekdays": given.weekdays, "start": given.start_minute, "end": given.end_minute,
        }  # fmt: skip


class _GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Generic in the stubs alone.
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class GroupForm(_Row):
    """One group in line."""

    kind = "group"
    chat = _GroupField(
        label=_("客户群"), queryset=GroupChat.objects.filter(dismissed_at=None).order_by("name", "pk"), widget=PickOne
    )
    limit = forms.IntegerField(label=_("满多少人换下一个"), min_value=1, max_value=FULL, initial=FULL)

    def said(self) -> GroupGiven:
        return GroupGiven(self.cleaned_data["chat"].pk, self.cleaned_data["limit"])

    @staticmethod
    def shown(given: GroupGiven) -> dict[str, Any]:
        return {"chat": given.chat_id, "limit": given.limit}


class WelcomeForm(_Row):
    """One welcome with its hours."""

    kind = "welcome"
    text = forms.CharField(
        label=_("文字"), required=False, max_length=1300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可用 {{称呼|朋友}}、{{员工}}、{{品牌}}；竖线后是还不知道称呼时的备用文字。"),
    )  # fmt: skip
    weekdays = WeekdaysField(initial=EVERY_DAY)
    start = MinuteField(label=_("开始"), initial=0)
    end = MinuteField(label=_("结束"), initial=DAY, is_end=True, help_text=_("00:00 到 00:00 是全天。"))
    relation = forms.ChoiceField(
        label=_("发给"), choices=Welcome.Relation.choices, required=False,
        help_text=_("强关系引导进社群，弱关系先关注公众号或自媒体。"),
    )  # fmt: skip
    attachment = forms.ChoiceField(label=_("附件"), choices=Welcome.Attachment.choices, required=False)
    title = forms.CharField(label=_("标题"), max_length=64, required=False)
    url = forms.CharField(label=_("网址，或小程序页面"), max_length=500, required=False)
    appid = forms.CharField(label=_("小程序 AppID"), max_length=40, required=False)
    upload = forms.FileField(label=_("图片或封面"), required=False, help_text=_("2 MB 以内的 PNG 或 JPG。"))
    picture = forms.ModelChoiceField(WelcomePicture.objects.all(), required=False, widget=forms.HiddenInput)

    def said(self) -> WelcomeGiven:
        """Raises BadWelcome for a picture that cannot be sent."""
        given = self.cleaned_data
        picture = given["picture"]
        if given["upload"]:
            file = given["upload"]
            picture = keep_picture(file.name, file.content_type or "", file.read())
        return WelcomeGiven(
            given["text"].strip(), tuple(sorted(given["weekdays"])), given["start"], given["end"], given["relation"],
            given["attachment"], given["title"], given["url"], given["appid"], picture.pk if picture else None,
        )  # fmt: skip

    @staticmethod
    def shown(given: WelcomeGiven) -> dict[str, Any]:
        return {
            "text": given.text, "weekdays": given.weekdays, "start": given.start_minute, "end": given.end_minute,
            "relation": given.relation, "attachment": given.attachment, "title": given.title, "url": given.url,
            "appid": given.appid, "picture": given.picture_id,
        }  # fmt: skip


KINDS: Mapping[str, Any] = {"shift": ShiftForm, "group": GroupForm, "welcome": WelcomeForm}


def new_row(kind: str) -> Any:
    """An empty row with a fresh key."""
    return KINDS[kind](secrets.token_hex(4))


def rows_of(kind: str, given: QueryDict, files: Files) -> list[Any]:
    """The rows that came, in the order of the page."""
    keys = dict.fromkeys(key for key in given.getlist(kind) if key.isalnum() and len(key) <= 16)
    return [KINDS[kind](key, given, files) for key in list(keys)[:100]]


def rows_for(kind: str, given: Sequence[Any]) -> list[Any]:
    """The rows that show what is."""
    form = KINDS[kind]
    return [form(f"{place}", initial=form.shown(one)) for place, one in enumerate(given)]


class WelcomeForms:
    """The default welcomes."""

    def __init__(
        self, shown: Sequence[WelcomeGiven], given: QueryDict | None = None, files: Files | None = None
    ) -> None:
        is_given = given is not None
        self.welcomes = rows_of("welcome", given, files or Files()) if is_given else rows_for("welcome", shown)  # type: ignore[arg-type]

    def is_valid(self) -> bool:
        return all(row.is_valid() for row in self.welcomes)

    def said(self) -> list[WelcomeGiven]:
        return [row.said() for row in self.welcomes]
