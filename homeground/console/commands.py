"""Verbs on users: create, list, password."""

import secrets
import sys
from typing import Annotated

import typer

from homeground.core.terminal import AsJson, answer, say
from homeground.events.stores import open_stores

FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin; else one is made.")]


def register(app: typer.Typer) -> None:
    """Add `users`."""
    users = typer.Typer(no_args_is_help=True, help="Who may sign in to the console.")
    for verb, name in ((create, "create"), (list_, "list"), (password, "password")):
        users.command(name)(verb)
    app.add_typer(users, name="users")


def create(
    name: str,
    role: Annotated[str, typer.Option(help="owner, operations, content, activity, design, service or analyst.")],
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Create a user. Without --password-stdin a password is made and shown once."""
    from homeground.console import services

    open_stores()
    secret = _password(password_stdin)
    services.create_user(name, role, secret)
    _tell(name, role, None if password_stdin else secret, as_json)


def list_(as_json: AsJson = False) -> None:
    """List the users and their roles."""
    from homeground.console.queries import users

    open_stores()

    found = users()
    text = "\n".join(f"{user.name}\t{user.role}\t{'' if user.is_active else '(off)'}" for user in found)
    answer({"users": [vars(user) for user in found]}, text, as_json)


def password(name: str, password_stdin: FromStdin = False, as_json: AsJson = False) -> None:
    """Set a user's password; their sessions end."""
    from homeground.console import services

    open_stores()
    secret = _password(password_stdin)
    services.set_password(name, secret)
    _tell(name, None, None if password_stdin else secret, as_json)


def _password(from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else secrets.token_urlsafe(12)


def _tell(name: str, role: str | None, made: str | None, as_json: bool) -> None:
    document = {"user": name, **({"role": role} if role else {}), **({"password": made} if made else {})}
    if made:
        say("Keep the password: it is not shown again.")
    answer(document, f"{name}\t{made}" if made else name, as_json)
