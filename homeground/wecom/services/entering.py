"""Signing in through WeCom: a member of staff gets a login of the console, made at the first time."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from homeground.wecom.errors import NotStaff
from homeground.wecom.models import Staff

ROLE = "staff"  # Sees their own customers alone; an owner may give another role.


@transaction.atomic
def user_of(userid: str) -> Any:
    """The console user of an active member of staff; made on the first entry, with no password.

    Raises NotStaff for everybody else, also for a member whose login somebody switched off.
    """
    staff = Staff.objects.select_for_update(of=("self",)).select_related("user").filter(userid=userid.lower()).first()
    if staff is None or not staff.is_active:
        raise NotStaff(_("你还没有开通客户联系，或者已经离职。请联系管理员，同步企业微信后再试。"))
    if staff.user is None:
        staff.user = _made(staff)
        staff.save(update_fields=["user"])
    if not staff.user.is_active:
        raise NotStaff(_("你的登录账号已被停用，请联系管理员。"))
    return staff.user


def _made(staff: Staff) -> Any:
    users = get_user_model()._default_manager
    name = f"wecom-{staff.userid}"
    if users.filter(username=name).exists():  # Somebody's own account: never taken over.
        name = f"{name}-{staff.pk}"
    user = users.create(username=name, first_name=staff.name[:150])
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.groups.add(Group.objects.get_or_create(name=ROLE)[0])
    return user
