"""What stands on a segment: rules that name it, and rows of rooms above that point to it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignObjectRel

from homeground.segments.models import Segment
from homeground.segments.queries.dictionary import slugs_in
from homeground.segments.rules.parse import parse


@dataclass(frozen=True)
class User:
    """Something that stands on a segment."""

    kind: str  # As it is called on screen.
    name: str


Asking = Callable[[Collection[str]], Iterable[tuple[str, User]]]
_askings: list[Asking] = []


def also_used_by(ask: Asking) -> None:
    """Have a room above asked who names segments by slug, in JSON: ask(slugs) gives (slug, user) for each use."""
    _askings.append(ask)


def uses(segments: Sequence[Segment]) -> Mapping[int, list[User]]:
    """By segment id, who uses it: a query a kind of user, however many segments."""
    found: dict[int, list[User]] = defaultdict(list)
    for pk, user in [*_rules_naming(segments), *_rows_pointing_to(segments), *_named_above(segments)]:
        found[pk].append(user)
    return found


def _rules_naming(segments: Sequence[Segment]) -> Iterable[tuple[int, User]]:
    ids = {segment.slug: segment.pk for segment in segments}
    for other in Segment.objects.listed().filter(is_dynamic=True):
        for slug in slugs_in(parse(other.rule)) & ids.keys() - {other.slug}:
            yield ids[slug], User(str(Segment._meta.verbose_name), other.name)


def _named_above(segments: Sequence[Segment]) -> Iterable[tuple[int, User]]:
    ids = {segment.slug: segment.pk for segment in segments}
    return ((ids[slug], user) for ask in _askings for slug, user in ask(ids))


def _rows_pointing_to(segments: Sequence[Segment]) -> Iterable[tuple[int, User]]:
    own = Segment._meta.app_label
    for relation in Segment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model._meta.app_label != own:
            yield from _pointing(relation, segments)


def _pointing(relation: ForeignObjectRel, segments: Sequence[Segment]) -> Iterable[tuple[int, User]]:
    model: Any = relation.related_model
    name = relation.field.name
    for row in model._default_manager.filter(**{f"{name}__in": segments}).order_by("-pk")[:500]:
        yield getattr(row, f"{name}_id"), User(str(model._meta.verbose_name), str(getattr(row, "name", row.pk)))
