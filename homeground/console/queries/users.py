"""Who may sign in."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User


@dataclass(frozen=True)
class Colleague:
    """One who may sign in."""

    name: str
    role: str  # A value of roles.Role; empty: none.
    is_active: bool
    last_login: datetime | None


def users() -> list[Colleague]:
    """All users by name."""
    found = User.objects.order_by("username").prefetch_related("groups")
    return [Colleague(user.username, _role(user), user.is_active, user.last_login) for user in found]


def _role(user: User) -> str:
    return next((group.name for group in user.groups.all()), "")
