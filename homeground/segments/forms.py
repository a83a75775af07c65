"""What people type to make and change segments."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from homeground.core.loop import Link

_SLUG = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("只能用小写字母、数字和连字符，以字母或数字开头。"))
_LARGEST_FILE = 50 * 1024 * 1024  # Bytes: some two million phones.


class SegmentForm(forms.Form):
    """A segment around its rule; the builder sends it as JSON."""

    name = forms.CharField(label=_("名称"), max_length=60)
    slug = forms.CharField(label=_("标识"), max_length=60, required=False, validators=[_SLUG])
    link = forms.ChoiceField(label=_("环节"), choices=[("", _("不限环节")), *Link.choices], required=False)
    refresh_minutes = forms.TypedChoiceField(
        label=_("自动刷新"),
        coerce=int,
        choices=[(15, _("每 15 分钟")), (60, _("每小时")), (360, _("每 6 小时")), (1440, _("每天"))],
    )
    is_static = forms.BooleanField(label=_("固定名单"), required=False)


class ListForm(forms.Form):
    """A static list from a file."""

    name = forms.CharField(label=_("名称"), max_length=60)
    link = forms.ChoiceField(label=_("环节"), choices=[("", _("不限环节")), *Link.choices], required=False)
    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("CSV（UTF-8），第一行是列名：phone、email、member_no 等身份类型之一，或 kind 和 value 两列。"),
    )

    def clean_file(self) -> object:
        """Not too large to read in one request."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_FILE:
            raise forms.ValidationError(_("文件超过 50 MB，请分成几个名单。"))
        return file


class SegmentFilters(forms.Form):
    """The filter card of the list."""

    q = forms.CharField(label=_("名称"), required=False)
    link = forms.ChoiceField(label=_("环节"), choices=[("", _("全部")), *Link.choices], required=False)
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[("", _("全部")), ("dynamic", _("动态人群")), ("static", _("固定名单"))],
        required=False,
    )
