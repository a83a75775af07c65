"""Which corp, and who of it somebody is."""

from typing import Any

from homeground.wecom.models import Corp, Staff


def corp() -> Corp | None:
    """The corp of this deployment; None before one is connected."""
    return Corp.objects.filter(pk=1).first()


def is_connected() -> bool:
    """Whether there is a corp to talk to."""
    return Corp.objects.filter(pk=1).exists()


def staff_of_user(user: Any) -> Staff | None:
    """The member of staff who signs in as this user; None for everybody else."""
    return Staff.objects.filter(user_id=user.pk).first() if user.pk else None
