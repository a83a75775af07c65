"""What people type about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.content.models import Message
from homeground.core.loop import Link


class MessageFilter(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=_("模板名称"), required=False)
    link = forms.ChoiceField(label=_("环节"), required=False, choices=[("", _("全部")), *Link.choices])


class MessageForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """One template."""

    class Meta:
        model = Message
        fields = ["name", "link", "channel_kind", "is_promotion", "subject", "body"]
        widgets = {"body": forms.Textarea({"rows": 8})}
        help_texts = {
            "body": _(
                "占位符写作 {{称呼|亲爱的顾客}}：竖线后面是没有资料时的备用文字。链接会自动追踪点击。"
                "企业微信群发和朋友圈人人看到的都一样，只能用 {{brand}}。"
            )
        }


class PreviewForm(forms.Form):
    """Whose preview, of what text."""

    q = forms.CharField(required=False, max_length=60)
    subject = forms.CharField(required=False, max_length=200)
    body = forms.CharField(required=False, max_length=20_000, strip=False)
    channel_kind = forms.ChoiceField(choices=Message.ChannelKind.choices)
    is_promotion = forms.BooleanField(required=False)
