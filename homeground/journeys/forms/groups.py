"""Which customer groups a campaign goes to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from homeground.ui.forms import PickMany
from homeground.wecom.models import GroupChat, Staff


class GroupFields(forms.Form):
    """The groups of a draft."""

    to_groups = forms.BooleanField(
        label=gettext_lazy("发到客户群，不是一对一"),
        required=False,
        help_text=gettext_lazy("用企业微信群发，由群主确认后发到自己的群。群里的人没法逐个排除，也没有逐人的对照。"),
    )
    group_least = forms.IntegerField(
        label=gettext_lazy("群里至少有几位受众"),
        required=False,
        min_value=0,
        max_value=500,
        initial=1,
        help_text=gettext_lazy("受众人群里的客户，至少这么多位在群里才选这个群；0：不看人群，只看群主和群名。"),
    )
    group_owners = forms.ModelMultipleChoiceField(
        label=gettext_lazy("群主"),
        required=False,
        queryset=Staff.objects.none(),
        widget=PickMany,
        help_text=gettext_lazy("留空：谁的群都行。"),
    )
    group_name = forms.CharField(
        label=gettext_lazy("群名包含"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("例如“福利群”；留空不限。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        living = GroupChat.objects.filter(dismissed_at=None).values("owner")
        self.fields["group_owners"].queryset = Staff.objects.filter(pk__in=living).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["group_owners"].label_from_instance = _staff_label  # type: ignore[attr-defined]

    @property
    def groups(self) -> dict[str, Any] | None:
        """What was typed as Campaign.groups; None: it goes to customers one by one. Ask when the form was cleaned."""
        given = self.cleaned_data
        if not given.get("to_groups"):
            return None
        least, owners = given.get("group_least"), given.get("group_owners") or ()
        return {
            "least": 1 if least is None else least,
            "owners": sorted(one.pk for one in owners),
            "name": given.get("group_name") or "",
        }


def initial_of(groups: dict[str, Any] | None) -> dict[str, Any]:
    """Campaign.groups as the fields show it."""
    return {"to_groups": True, **{f"group_{name}": value for name, value in groups.items()}} if groups else {}


def _staff_label(staff: Staff) -> str:
    return staff.title
