"""Input of operators about channels."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from homeground.channels.kinds import KINDS
from homeground.channels.models import Channel
from homeground.core import money
from homeground.people.models import Identity


class ChannelForm(forms.Form):
    """What every channel has, whatever its kind."""

    name = forms.CharField(label=_("名称"), max_length=40)
    address_kinds = forms.MultipleChoiceField(
        label=_("发给哪些地址"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("客户有多个时，用排在前面的。"),
    )
    unit_cost = forms.DecimalField(label=_("单条成本"), min_value=0, max_value=10_000, help_text=_("计入活动成本。"))
    rate_per_second = forms.IntegerField(
        label=_("每秒最多发送"), min_value=0, max_value=100_000, help_text=_("0 表示不限。")
    )
    refusing_words = forms.CharField(
        label=_("退订用语"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("客户的回复恰好是其中一个，就按退订处理。用空格或换行分隔。"),
    )

    def __init__(self, channel: Channel, currency: str, given: QueryDict | None = None) -> None:
        super().__init__(given, initial=_said(channel, currency))
        self.channel, self.currency = channel, currency
        kinds = KINDS[channel.kind].address_kinds
        self.fields["address_kinds"].choices = [(kind, Identity.Kind(kind).label) for kind in kinds]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """The channel's fields, from the checked form."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "address_kinds": given["address_kinds"],
            "unit_cost_minor": money.to_minor(given["unit_cost"], self.currency),
            "rate_per_second": given["rate_per_second"],
            "refusing_words": [word[:30] for word in given["refusing_words"].split()],
        }


class TestForm(forms.Form):
    """Where a test message goes."""

    address = forms.CharField(label=_("收件地址"), max_length=255)


def settings_form(channel: Channel, given: QueryDict | None = None) -> forms.Form:
    """The kind's own settings, with secrets that can be written but are never shown."""
    kind, settings = KINDS[channel.kind], channel.settings
    shown = {name: value for name, value in settings.items() if name not in kind.secret_fields}
    form = kind.form(given, initial=shown)
    for name in kind.secret_fields:
        field = form.fields[name]
        is_kept = bool(settings.get(name))
        field.widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        if is_kept:
            field.required = False
            field.widget.attrs["placeholder"] = _("已保存，留空则不变")
    return form


def _said(channel: Channel, currency: str) -> dict[str, Any]:
    return {
        "name": channel.name,
        "address_kinds": channel.address_kinds,
        "unit_cost": money.to_major(channel.unit_cost_minor, currency),
        "rate_per_second": channel.rate_per_second,
        "refusing_words": " ".join(channel.refusing_words),
    }
