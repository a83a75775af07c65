"""The played platform of the client's tests, and a member with customers."""

from tests.wecom.client.conftest import platform, waits, wecom

__all__ = ["platform", "waits", "wecom"]
