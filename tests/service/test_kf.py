import pytest

from homeground.service.models import ChatMessage, KfAccount, Wait
from homeground.service.services import kf, rules
from homeground.wecom.client.kf import CUSTOMER, SERVICER, SYSTEM, KfMessage, KfPage
from tests.service.world_day import make_staff, minutes

pytestmark = pytest.mark.django_db


def test_an_account_is_read_to_its_end_and_again_from_where_it_ended(monkeypatch):
    rules.install_defaults()
    li = make_staff()
    asked = []
    pages = {
        "": KfPage((_message("a", CUSTOMER, 0), _message("s", SYSTEM, 1)), "c1", True),
        "c1": KfPage((), "c2", True),
        "c2": KfPage((_message("b", SERVICER, 4, userid="li"),), "c3", False),
        "c3": KfPage((), "c3", False),
    }

    def page(api, open_kfid, cursor, token):
        asked.append((cursor, token))
        return pages[cursor]

    monkeypatch.setattr(kf.kf, "sync_page", page)

    assert [kf.read(None, "kf1", "token"), kf.read(None, "kf1")] == [2, 0]

    assert asked == [("", "token"), ("c1", "token"), ("c2", "token"), ("c3", "")]
    assert (ChatMessage.objects.count(), KfAccount.objects.get().cursor) == (2, "c3")
    assert (Wait.objects.get().kind, Wait.objects.get().answered_by) == ("kf", li)


def _message(msgid, origin, at, userid=""):
    return KfMessage(msgid, "kf1", "wm1", userid, origin, minutes(at), "text", "在吗", {})
