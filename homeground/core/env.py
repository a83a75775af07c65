"""The environment, read once: HOMEGROUND_DATA, HOMEGROUND_DATABASE_URL … Operators' choices are rows, not these."""

from functools import cached_property
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Env(BaseSettings):
    """Where this deployment lives. Every field is HOMEGROUND_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="HOMEGROUND_", frozen=True, ignored_types=(cached_property,))

    data: Path = Path("data")  # Embedded stores, uploads, generated secrets.
    database_url: SecretStr | None = None  # postgresql://… ; empty: embedded, in data/pg.
    events_url: SecretStr | None = None  # clickhouse://… ; empty: embedded, in data/events.
    secret_key: SecretStr | None = None  # Empty: made once, kept in data/secret_key.
    base_url: str = "http://127.0.0.1:8000"  # How customers reach us; not set: where we listen.
    allowed_hosts: list[str] = ["127.0.0.1", "localhost", "[::1]"]
    debug: bool = False

    @cached_property
    def folder(self) -> Path:
        """The data folder, absolute. Not made yet: reading a file for review needs none."""
        return self.data.expanduser().resolve()


env = Env()


def made_folder() -> Path:
    """The data folder, made if need be. 711: as root, PostgreSQL runs as another user and must pass through."""
    env.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    return env.folder


def listen_on(host: str, port: int) -> None:
    """Without HOMEGROUND_BASE_URL, links lead to where this process listens."""
    if "base_url" not in env.model_fields_set:
        object.__setattr__(env, "base_url", f"http://{host}:{port}")  # Frozen for everybody else.
