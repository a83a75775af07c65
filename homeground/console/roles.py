"""Roles (M15): what each kind of colleague may do. Kept as Django's groups; rooms bring the permissions."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_LOOK = ["*.view_*"]
_WORK = [
    "people.*", "commerce.*", "segments.*", "content.*", "journeys.*", "insights.*", "ingest.*", "events.*",
    "growth.*", "loyalty.*", "service.*", "playbooks.*", "wecom.sync_corp", "wecom.replay_callback",
]  # fmt: skip
_OWNERS_ONLY = ["*.allow_*", "*.override_*"]  # The risky form of a thing: recorded, and never by anyone else.
_OWN = "homeground."


class Role(TextChoices):
    """角色. Owners may do everything, also what a later version adds."""

    OWNER = "owner", _("负责人")
    OPERATIONS = "operations", _("运营")
    CONTENT = "content", _("内容")
    ACTIVITY = "activity", pgettext_lazy("role", "活动")
    DESIGN = "design", _("设计")
    SERVICE = "service", _("客服")
    ANALYST = "analyst", _("分析")
    STAFF = "staff", _("导购")


# Patterns of app.codename. What is on no list stays with the owner: users, roles, secrets of channels.
GRANTS: dict[Role, Sequence[str]] = {
    Role.OWNER: ["*"],
    Role.OPERATIONS: [*_LOOK, *_WORK, "sandbox.*", "channels.test_channel", "console.change_brand"],
    Role.CONTENT: [*_LOOK, "content.*", "channels.test_channel", "sandbox.*"],
    Role.ACTIVITY: [
        *_LOOK,
        "segments.*",
        "journeys.*",
        "content.*",
        "growth.*",
        "loyalty.*_couponkind",
        "loyalty.add_coupon",
        "channels.test_channel",
        "sandbox.*",
    ],
    Role.DESIGN: [*_LOOK, "content.*"],
    Role.SERVICE: [
        *_LOOK,
        "people.change_customer",
        "people.unmask_customer",
        "people.*_customertag",
        "people.add_consent",
        "service.*_task",
        "service.*_ticket",
        "service.change_messagelabel",
        "loyalty.add_coupon",
        "loyalty.use_coupon",
        "content.use_quickreply",
        "sandbox.play_phone",
    ],
    Role.ANALYST: [*_LOOK, "segments.*", "insights.*", "people.export_customer"],
    Role.STAFF: ["content.use_quickreply"],  # Their own customers alone, on the staff's page.
}


def install_roles() -> None:
    """Bring the groups and what they may do to this version. A repeat changes nothing."""
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith(_OWN)]
    permissions = list(Permission.objects.filter(content_type__app_label__in=labels).select_related("content_type"))
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set([permission for permission in permissions if _grants(role, permission)])


def _grants(role: Role, permission: Permission) -> bool:
    name = f"{permission.content_type.app_label}.{permission.codename}"
    if role != Role.OWNER and any(fnmatchcase(name, pattern) for pattern in _OWNERS_ONLY):
        return False
    return any(fnmatchcase(name, pattern) for pattern in GRANTS[role])
