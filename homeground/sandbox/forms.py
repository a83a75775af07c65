"""Input of operators who play with the sandbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.sandbox.models import Gateway


class SearchForm(forms.Form):
    """Which phones."""

    q = forms.CharField(
        label=_("手机地址"),
        max_length=255,
        required=False,
        widget=forms.TextInput({"placeholder": _("开头几位，如 138")}),
    )


class GatewayForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the gateway misbehaves."""

    class Meta:
        model = Gateway
        fields = ("fault", "faults_left", "silent_seconds", "receipt_delay_seconds", "is_repeating")
        labels = {
            "fault": _("接下来的请求"),
            "faults_left": _("影响几次请求"),
            "silent_seconds": _("不回应时等几秒"),
            "receipt_delay_seconds": _("回执晚到几秒"),
            "is_repeating": _("每条回执发两次"),
        }
        help_texts = dict.fromkeys(fields, "")

    silent_seconds = forms.IntegerField(label=_("不回应时等几秒"), min_value=0, max_value=120)
    receipt_delay_seconds = forms.IntegerField(label=_("回执晚到几秒"), min_value=0, max_value=3600)


class AnswerForm(forms.Form):
    """What the customer writes."""

    text = forms.CharField(label=_("回复"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))
