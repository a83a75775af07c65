"""A door as a form: its own fields and its rows."""

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from homeground.growth.forms.fields import PercentField, SourceField, StaffField
from homeground.growth.forms.rows import Files, rows_for, rows_of
from homeground.growth.given import DoorGiven
from homeground.growth.models import Door
from homeground.ui.forms import PickMany, PickOne

_OF_GROUPS = ("opens_groups",)
_OF_STAFF = ("staff", "backup", "daily_limit", "skip_verify", "skip_reason")


class DoorForm(forms.Form):
    """A door's own fields; those of another kind of door are not in it."""

    name = forms.CharField(label=_("入口名称"), max_length=30, help_text=_("只给自己人看，例如“南京西路店收银台”。"))
    source = SourceField(widget=PickOne, help_text=_("费用和产出都按来源归集。"))
    tags = forms.CharField(
        label=_("到达标签"), required=False, max_length=500, help_text=_("进来的客户自动打上，多个用逗号分隔。")
    )
    staff = StaffField(
        label=_("全天接待"), required=False, widget=PickMany, help_text=_("任何时间都在；可以只排班次。")
    )
    backup = StaffField(
        label=_("后备员工"), required=False, widget=PickMany,
        help_text=_("没有人在班、或在班的都到了上限时，由他们接待。"),
    )  # fmt: skip
    daily_limit = forms.IntegerField(
        label=_("每人每天上限"), required=False, min_value=1, max_value=10_000,
        help_text=_("每位员工每天最多经此入口加多少人；留空不限。到量立即换人。"),
    )  # fmt: skip
    opens_groups = forms.BooleanField(
        label=_("群都满后，由平台自动建新群"), required=False, help_text=_("新群以入口名称加序号命名，不在这个列表里。")
    )
    consent_notice = forms.CharField(
        label=_("同意告知"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写了，入口页和欢迎语都会展示，添加好友即记为同意经企微接收营销信息，告知原文留作凭证；不写就不算同意。"),
    )  # fmt: skip
    skip_verify = forms.BooleanField(label=_("免好友验证（不建议）"), required=False)
    skip_reason = forms.CharField(label=_("免验证的理由"), required=False, max_length=300)
    order_days = forms.IntegerField(label=_("下单观察天数"), min_value=1, max_value=365, initial=30)
    order_alarm_bp = PercentField(
        label=_("下单率预警线（%）"), min_value=0, max_value=100, initial=200,
        help_text=_("观察期满的人里，下单的低于这个比例就预警。"),
    )  # fmt: skip

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _OF_STAFF if kind == Door.Kind.GROUP_CODE else _OF_GROUPS:
            del self.fields[name]


class DoorForms:
    """The whole of a door: the form and its rows of shifts, groups and welcomes."""

    def __init__(
        self, kind: str, shown: DoorGiven | None, given: QueryDict | None = None, files: Files | None = None
    ) -> None:
        self.kind = kind
        if given is None:
            self.door = DoorForm(kind, initial=_initial(shown) if shown else None)
            self.shifts = rows_for("shift", shown.shifts if shown else ())
            self.groups = rows_for("group", shown.groups if shown else ())
            self.welcomes = rows_for("welcome", shown.welcomes if shown else ())
            return
        self.door = DoorForm(kind, given)
        self.shifts, self.groups, self.welcomes = (
            rows_of(row, given, files or Files()) for row in ("shift", "group", "welcome")
        )

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in (self.door, *self.shifts, *self.groups, *self.welcomes))

    def said(self) -> DoorGiven:
        """Raises BadWelcome for a picture that cannot be sent."""
        given = self.door.cleaned_data
        is_group = self.kind == Door.Kind.GROUP_CODE
        return DoorGiven(
            kind=self.kind,
            name=given["name"].strip(),
            source_id=given["source"].pk if given["source"] else None,
            tags=_tags(given["tags"]),
            staff_ids=_ids(given.get("staff")),
            backup_ids=_ids(given.get("backup")),
            shifts=() if is_group else tuple(row.said() for row in self.shifts),
            daily_limit=given.get("daily_limit"),
            groups=tuple(row.said() for row in self.groups) if is_group else (),
            opens_groups=given.get("opens_groups", False),
            welcomes=() if is_group else tuple(row.said() for row in self.welcomes),
            consent_notice=given["consent_notice"].replace("\r\n", "\n").strip(),
            skip_verify=given.get("skip_verify", False),
            skip_reason=given.get("skip_reason", "") if given.get("skip_verify") else "",
            order_days=given["order_days"],
            order_alarm_bp=given["order_alarm_bp"],
        )


def _initial(shown: DoorGiven) -> dict[str, Any]:
    return {
        "name": shown.name, "source": shown.source_id, "tags": ", ".join(shown.tags), "staff": shown.staff_ids,
        "backup": shown.backup_ids, "daily_limit": shown.daily_limit, "opens_groups": shown.opens_groups,
        "consent_notice": shown.consent_notice, "skip_verify": shown.skip_verify, "skip_reason": shown.skip_reason,
        "order_days": shown.order_days, "order_alarm_bp": shown.order_alarm_bp,
    }  # fmt: skip


def _tags(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"[,\uff0c\u3001]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _ids(staff: Any) -> tuple[int, ...]:
    return tuple(sorted(one.pk for one in staff or ()))
