import pytest
from django.utils.translation import override

from homeground.events.labels import source_label


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("wecom", "企业微信", "WeCom"),
        ("file:orders.csv", "文件 orders.csv", "File orders.csv"),
        ("door:春季海报", "入口 春季海报", "Door 春季海报"),
        ("门店收银台", "门店收银台", "门店收银台"),
        ("file:", "file:", "file:"),
        ("erp:7", "erp:7", "erp:7"),
        ("", "", ""),
    ],
)
def test_a_source_is_named_in_the_readers_language(source, chinese, english):
    with override("zh-hans"):
        assert source_label(source) == chinese
    with override("en"):
        assert source_label(source) == english
