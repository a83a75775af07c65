"""What must hold of a graph before it goes live. Every problem is named, not only the first."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from homeground.journeys.errors import Problem
from homeground.journeys.graph import routes
from homeground.journeys.graph.entries import entry_problems, sign_problems
from homeground.journeys.graph.known import Known
from homeground.journeys.graph.nodes import (
    Branch,
    Graph,
    HandOver,
    Outcome,
    SendMessage,
    Split,
    edges,
)
from homeground.journeys.graph.steps import step_problems
from homeground.journeys.graph.ways_in import ByEvent, ByHand

WHOLE = 10_000  # Basis points.


def check(graph: Graph, known: Known, *, slug: str = "") -> list[Problem]:
    """Everything that is wrong, in the order in which people meet it. Empty: it may go live.

    slug: the journey that the graph belongs to.
    """
    return [
        *_entries(graph, known),
        *_again(graph),
        *_variants(graph),
        *_signs(graph, known),
        *(problem for node in graph.nodes for problem in _node(graph, node, known, slug)),
        *_unreachable(graph),
        *_circles(graph),
        *_circles_of_journeys(graph, known, slug),
    ]


def is_promotion(graph: Graph, known: Known) -> bool:
    """Whether it has a message that is a promotion; then the global holdout applies."""
    messages = (known.messages.get(step.message) for step in graph.nodes.values() if isinstance(step, SendMessage))
    return any(message.is_promotion for message in messages if message)


def _entries(graph: Graph, known: Known) -> Iterator[Problem]:
    for at, entry in enumerate(graph.entries):
        for field, text in entry_problems(entry, known):
            yield Problem("", text, f"entries[{at}]" + (f".{field}" if field else ""))


def _again(graph: Graph) -> Iterator[Problem]:
    again = graph.again
    if again.when == "after_days" and again.days is None:
        yield Problem("", _("请写明隔多少天可以再次进入"), "again.days")
    if again.at_once == 1:
        return
    keyed = [entry for entry in graph.entries if isinstance(entry, ByEvent) and entry.key]
    if not keyed and not any(isinstance(entry, ByHand) for entry in graph.entries):
        yield Problem("", _("同时走几次要靠键来区分，请在事件入口里选一个键，例如订单号"), "again.at_once")
    for at, entry in enumerate(graph.entries):
        if isinstance(entry, ByEvent) and not entry.key:
            yield Problem("", _("允许同时走几次时，事件入口要有键"), f"entries[{at}].key")


def _variants(graph: Graph) -> Iterator[Problem]:
    for at, variant in enumerate(graph.variants):
        if variant.start not in graph.nodes:
            yield Problem("", _nowhere(variant.start), f"variants[{at}].start")
    yield from (Problem("", text, "variants") for text in _sharing([one.share_bp for one in graph.variants]))
    yield from (Problem("", text, "variants") for text in _named_twice([one.name for one in graph.variants]))


def _signs(graph: Graph, known: Known) -> Iterator[Problem]:
    signs = [("goal", graph.goal)] if graph.goal else []
    for place, sign in [*signs, *((f"exits[{at}]", sign) for at, sign in enumerate(graph.exits))]:
        yield from (Problem("", text, f"{place}.{field}") for field, text in sign_problems(sign, known))


def _node(graph: Graph, node: str, known: Known, slug: str) -> Iterator[Problem]:
    step = graph.nodes[node]

    def problem(text: str, field: str = "") -> Problem:
        return Problem(node, text, field, step.name)

    for way, to in edges(step):
        if to is not None and to not in graph.nodes:
            yield problem(_nowhere(to), way)
    names = [way.name for way in step.ways] if isinstance(step, Branch | Split) else []
    yield from (problem(text, "ways") for text in _named_twice(names))
    if isinstance(step, Split):
        yield from (problem(text, "ways") for text in _sharing([way.share_bp for way in step.ways]))
    if isinstance(step, Branch) and "otherwise" in names:
        yield problem(_("出口不能叫 otherwise，请换一个名称"), "ways")
    if isinstance(step, Outcome):
        yield from (problem(text, "of") for text in _of_a_message(graph, node, step))
    yield from (problem(text, field) for field, text in step_problems(step, known, slug))


def _of_a_message(graph: Graph, node: str, step: Outcome) -> Iterator[str]:
    earlier = graph.nodes.get(step.of)
    if not isinstance(earlier, SendMessage):
        yield _("“%(node)s”不是发送消息的节点") % {"node": step.of}
    elif node not in routes.reached(graph, routes.targets(earlier)):
        yield _("走到这一步之前不会经过“%(name)s”") % {"name": earlier.name}


def _unreachable(graph: Graph) -> Iterator[Problem]:
    reached = routes.reached(graph, routes.starts(graph))
    for node, step in graph.nodes.items():
        if node not in reached:
            yield Problem(node, _("没有任何一条路走到这里，请连上或删除"), "", step.name)


def _circles(graph: Graph) -> Iterator[Problem]:
    for circle in routes.circles(graph):
        names = _("、").join(graph.nodes[node].name for node in circle)
        text = _("绕成一圈却没有等待，客户会一直走下去：%(names)s。请在圈里加一个等待") % {"names": names}
        yield Problem(circle[0], text, "", graph.nodes[circle[0]].name)


def _circles_of_journeys(graph: Graph, known: Known, slug: str) -> Iterator[Problem]:
    hasty = routes.handed_over_at_once(graph)
    for node, step in graph.nodes.items():
        if isinstance(step, HandOver) and step.journey in hasty - {slug} and _comes_back(step.journey, slug, known):
            text = _("转入“%(name)s”后又会转回这里，中间没有等待") % {"name": known.journeys[step.journey].name}
            yield Problem(node, text, "journey", step.name)


def _comes_back(origin: str, slug: str, known: Known) -> bool:
    seen: set[str] = set()
    waiting = [origin]
    while waiting:
        one = waiting.pop()
        if one not in seen and one in known.journeys:
            seen.add(one)
            waiting += known.journeys[one].hands_over
    return slug in {to for one in seen for to in known.journeys[one].hands_over}


def _sharing(shares: list[int]) -> Iterator[str]:
    if sum(shares) != WHOLE:
        yield _("各份比例相加应为 100%%，现在是 %(sum)s%%") % {"sum": f"{sum(shares) / 100:g}"}


def _named_twice(names: list[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield _("有 %(times)d 个都叫“%(name)s”，请改成不同的名称") % {"times": times, "name": name}


def _nowhere(node: str) -> str:
    return _("指向的节点“%(node)s”不存在") % {"node": node}
