"""What people type about prepared answers."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.content.models import QuickReply
from homeground.people.models import Relation

_APART = re.compile(r"[\u3001,\uff0c;\uff1b\s]+")


class ReplyFilter(forms.Form):
    """The list's filters."""

    q = forms.CharField(label=_("标题或内容"), required=False)
    group = forms.ChoiceField(label=_("话术分组"), required=False)
    mine = forms.ChoiceField(label=_("收藏"), required=False, choices=[("", _("全部")), ("1", _("只看我的收藏"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = QuickReply.objects.order_by("group").values_list("group", flat=True).distinct()
        self.fields["group"].choices = [("", _("全部")), *((group, group) for group in groups)]  # type: ignore[attr-defined]


class WordsField(forms.CharField):
    """Words apart by commas on screen, a list in Python."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [word for word in _APART.split(super().clean(value)) if word]


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs alone.
    """One prepared answer."""

    keywords = WordsField(
        label=_("客户会怎么问"),
        required=False,
        max_length=400,
        help_text=_("客户话里出现这些词时推荐，用顿号或逗号分开。"),
    )
    relations = forms.MultipleChoiceField(
        label=_("适合的关系"), required=False, choices=Relation.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选：不限。"),
    )  # fmt: skip

    url = forms.URLField(label=_("附带链接"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = QuickReply
        fields = ["title", "group", "text", "url", "keywords", "fits", "relations"]
        widgets = {"text": forms.Textarea({"rows": 8}), "group": forms.TextInput({"list": "groups"})}
        help_texts = {
            "text": _("占位符写作 {{称呼|您}}。留给同事填写的地方写 ____，发送前补上。"),
        }


class ReplyFileForm(forms.Form):
    """A file of answers."""

    file = forms.FileField(label=_("CSV 文件"), widget=forms.FileInput({"accept": ".csv,text/csv"}))
