import httpx
import pytest
from django.test import RequestFactory

from homeground.sandbox.views import wecom_api
from tests.wecom.sends import platform as played


class Platform(played.Platform):
    """The same, and files travel too."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/cgi-bin/")
        if "multipart" not in request.headers.get("content-type", ""):
            return super().__call__(request)
        self.asked.append(path)
        made = RequestFactory().generic(
            request.method,
            f"/sandbox/wecom/cgi-bin/{path}?{request.url.query.decode()}",
            request.read(),
            content_type=request.headers["content-type"],
        )
        answer = wecom_api.call(made, path)
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
def platform(monkeypatch):
    """A connected corp of the sandbox."""
    monkeypatch.setattr(played, "Platform", Platform)
    return played.connect(monkeypatch)
