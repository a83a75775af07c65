"""The verbs `tokens`, `import` and `export`."""

from typing import Annotated

import typer

from homeground.core.terminal import AsJson, answer
from homeground.events.stores import open_stores
from homeground.ingest import queries
from homeground.ingest.models import Token
from homeground.ingest.services.tokens import create_token, revoke_token

_tokens = typer.Typer(no_args_is_help=True, help="Tokens that let programs in.")


def register(app: typer.Typer) -> None:
    app.add_typer(_tokens, name="tokens")


@_tokens.command()
def create(
    name: str,
    scope: Annotated[list[str], typer.Option(help="ingest, read or manage; may be given several times.")],
    as_json: AsJson = False,
) -> None:
    """Make a token. It is shown once: only its hash is kept."""
    open_stores()
    token = create_token(name, scope)
    answer({"token": token}, token, as_json)


@_tokens.command("list")
def list_(as_json: AsJson = False) -> None:
    """The tokens, without their text."""
    open_stores()
    found = list(queries.tokens())
    answer({"tokens": [_facts(token) for token in found]}, "\n".join(_line(token) for token in found), as_json)


@_tokens.command()
def revoke(name: str, as_json: AsJson = False) -> None:
    """End a token; a running server stops taking it within seconds."""
    open_stores()
    revoke_token(name)
    answer({"revoked": name}, f"revoked {name}", as_json)


def _facts(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "created_at": token.created_at.isoformat(),
        "last_used_on": token.last_used_on,
        "revoked_at": token.revoked_at and token.revoked_at.isoformat(),
    }


def _line(token: Token) -> str:
    state = "revoked" if token.revoked_at else f"last used {token.last_used_on or 'never'}"
    return f"{token.name}  {','.join(token.scopes)}  {state}"
