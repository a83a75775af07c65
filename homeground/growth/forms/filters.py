"""What lists are narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from homeground.growth.forms.fields import SourceField
from homeground.growth.models import Door, Source

_ALL = ("", _("全部"))
STANDS = [("open", _("使用中")), ("trouble", _("需要处理")), ("retired", _("已停用"))]


class DoorFilter(forms.Form):
    """The list of doors."""

    q = forms.CharField(label=_("入口名称"), required=False)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[_ALL, *Door.Kind.choices])
    source = SourceField(empty_label=_("全部"))
    stand = forms.ChoiceField(label=_("状态"), required=False, choices=[*STANDS, ("all", _("全部"))])


class SourceFilter(forms.Form):
    """The list of sources."""

    q = forms.CharField(label=_("来源名称"), required=False)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[_ALL, *Source.Kind.choices])
    months = forms.ChoiceField(
        label=_("时段"), required=False,
        choices=[("3", _("近 3 个月")), ("1", _("本月")), ("6", _("近 6 个月")), ("12", _("近 12 个月"))],
    )  # fmt: skip
