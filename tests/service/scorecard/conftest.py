"""The played platform of the client's tests."""

from tests.wecom.client.conftest import platform, waits, wecom

__all__ = ["platform", "waits", "wecom"]
