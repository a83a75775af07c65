import pytest

from homeground.sandbox.services.wecom import corp as corps
from tests.sandbox.wecom.corp import Caller, make_department, make_member


@pytest.fixture
def corp(db):
    """The sandbox corp; what it dispatches is there at once."""
    make_department()
    corps.change(dispatch_seconds=0)
    return corps.corp()


@pytest.fixture
def caller(corp) -> Caller:
    return Caller()


@pytest.fixture
def zhang(corp):
    return make_member("ZhangSan")


@pytest.fixture
def li(corp):
    return make_member("lisi")
