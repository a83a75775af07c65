"""Signing in with a limit on guesses, and users with one role each."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from homeground.console.errors import (
    LastOwner,
    NoSuchRole,
    NoSuchUser,
    TooManyAttempts,
    UserExists,
    WeakPassword,
    WrongPassword,
)
from homeground.console.models import FailedSignIn
from homeground.console.roles import Role, install_roles
from homeground.core import time

WINDOW_MINUTES = 15
MOST_BY_ACCOUNT_AND_ADDRESS = 5
MOST_BY_ACCOUNT = 30  # From everywhere: slows a spread attack, hard to lock a colleague out with.
MOST_BY_ADDRESS = 50  # One office may share an address.


def check_password(request: HttpRequest, account: str, password: str) -> User:
    """The user of these credentials. Raises TooManyAttempts before it looks, or WrongPassword, which it counts."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"
    _refuse_guessing(account, address)
    user = authenticate(request, username=account, password=password)
    if user is None:
        FailedSignIn.objects.create(account=account[:150], address=address, failed_at=time.now())
        raise WrongPassword
    FailedSignIn.objects.filter(account=account, address=address).delete()
    return user


@transaction.atomic
def create_user(name: str, role: str, password: str) -> User:
    """A new user with one role. Raises UserExists, NoSuchRole or WeakPassword, with nothing written."""
    user = User(username=name)
    _accept_password(user, password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise UserExists(name) from None
    _give(user, role)
    return user


@transaction.atomic
def change_role(name: str, role: str) -> User:
    """Another role instead of the present one. Raises LastOwner when nobody else could do everything."""
    user = _user(name)
    if role != Role.OWNER:
        _keep_an_owner(user)
    _give(user, role)
    return user


@transaction.atomic
def set_active(name: str, is_active: bool) -> User:
    """Let a user in or keep them out; what they did stays theirs. Raises LastOwner."""
    user = _user(name)
    if not is_active:
        _keep_an_owner(user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def set_password(name: str, password: str) -> User:
    """A new password; every session of the user ends. Raises NoSuchUser or WeakPassword."""
    user = _user(name)
    _accept_password(user, password)
    user.save(update_fields=["password"])
    return user


def _refuse_guessing(account: str, address: str) -> None:
    since = time.now() - timedelta(minutes=WINDOW_MINUTES)
    FailedSignIn.objects.filter(failed_at__lt=since).delete()
    recent = FailedSignIn.objects
    if (
        recent.filter(account=account, address=address).count() >= MOST_BY_ACCOUNT_AND_ADDRESS
        or recent.filter(account=account).count() >= MOST_BY_ACCOUNT
        or recent.filter(address=address).count() >= MOST_BY_ADDRESS
    ):
        raise TooManyAttempts(WINDOW_MINUTES)


def _user(name: str) -> User:
    try:
        return User.objects.select_for_update().get(username=name)
    except User.DoesNotExist:
        raise NoSuchUser(name) from None


def _accept_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(error.messages) from None
    user.set_password(password)


def _give(user: User, role: str) -> None:
    if role not in Role.values:
        raise NoSuchRole(role, Role.values)
    install_roles()
    user.groups.set(Group.objects.filter(name=role))
    user.is_superuser = role == Role.OWNER  # Everything, also what a later version adds.
    user.save(update_fields=["is_superuser"])


def _keep_an_owner(user: User) -> None:
    owners = User.objects.select_for_update().filter(is_active=True, is_superuser=True)
    if user.is_superuser and not any(owner.pk != user.pk for owner in owners):
        raise LastOwner
