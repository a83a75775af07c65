from pathlib import Path

from homeground.sandbox.services.wecom import api
from homeground.sandbox.services.wecom.registry import ENDPOINTS

PAGE = Path(__file__).parents[3] / "docs" / "sandbox.md"


def test_the_page_names_every_endpoint():
    text = PAGE.read_text()
    assert api.SUBJECTS
    missing = [path for path in ENDPOINTS if path.rpartition("/")[2] not in text and "_strategy_tag" not in path]
    assert missing == []
