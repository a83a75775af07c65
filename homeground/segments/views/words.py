"""What the builder says on screen around its editor: its island has no catalogue of its own."""

from django.utils.translation import gettext as _

from homeground.segments.queries import editor_words


def builder_words() -> dict[str, str]:
    """Every text of static/segments/builder.js, in the language of the moment."""
    return editor_words() | _frame() | _aside()


def _frame() -> dict[str, str]:
    return {
        "rules": _("人群规则"),
        "name": _("名称"),
        "link": _("环节"),
        "interval": _("自动刷新"),
        "static": _("存为固定名单"),
        "save": _("保存人群"),
        "saving": _("正在保存…"),
        "clicks": _("点选"),
        "json": "JSON",
        "json_label": _("规则 JSON"),
        "line": _("第 {line} 行"),
        "schema_note": _("写法见 docs/segments.md"),
    }


def _aside() -> dict[str, str]:
    return {
        "estimate": _("预估人数"),
        "about": _("约 {count}"),
        "about_why": _("还有新数据正在写入，人数会略有出入。"),
        "share": _("占全部客户 {share}"),
        "agreed": _("同意接收营销 {count} 人（{share}）"),
        "agreed_why": _("在任一渠道同意过、没有退订的人。发送时还会按对照组、疲劳度和有没有地址再排除。"),
        "as_of": _("数据截至 {moment}"),
        "just_now": _("刚刚算出"),
        "ago": _("{minutes} 分钟前算出"),
        "recount": _("重新计算"),
        "counting": _("正在计算…"),
        "in_words": _("规则说明"),
        "sample": _("样例客户"),
        "nobody_found": _("没有符合的客户，放宽条件试试。"),
        "failed": _("连接不上服务器，请稍后再试。"),
        "fix": _("还有条件没填好"),
        "more": _("（已脱敏，最多 10 位）"),
    }
