"""Reads across rooms for the frame, the home page, the search box and the settings."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from homeground.people.models import Brand


@dataclass(frozen=True)
class Colleague:
    """One who may sign in."""

    name: str
    role: str  # A value of roles.Role; empty: none.
    is_active: bool
    last_login: datetime | None


def brand() -> Brand:
    """The brand; before anybody has named it, the defaults of its row."""
    return Brand.objects.filter(pk=1).first() or Brand()


def users() -> list[Colleague]:
    """All users by name."""
    found = User.objects.order_by("username").prefetch_related("groups")
    return [
        Colleague(user.username, next((group.name for group in user.groups.all()), ""), user.is_active, user.last_login)
        for user in found
    ]
