"""Which prepared answer fits: by what the customer asks, and by how they stand to us."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from homeground.content.models import FavouriteReply, QuickReply
from homeground.people.models import Relation

_ASKED, _FAVOURED, _STANDS, _BOUGHT, _USED = 10, 4, 3, 3, 1
_OFTEN = 20  # Uses, from which on we call it often.


@dataclass(frozen=True)
class ReplyFacts:
    """What is known of the customer who waits for an answer. tags: their names."""

    relation: str = Relation.NONE
    has_bought: bool = False
    tags: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Suggestion:
    """An answer, and why this one. Higher scores come first."""

    reply: QuickReply
    reasons: list[str]
    score: int


def replies_matching(text: str = "", group: str = "") -> QuerySet[QuickReply]:
    """Answers whose title or words have the text, or for which it is a question; most used first."""
    found = QuickReply.objects.filter(group=group) if group else QuickReply.objects.all()
    if words := text.strip().replace("\x00", ""):
        found = found.filter(_having(words) | Q(keywords__contains=[words]))
    return found.order_by("-uses", "-pk")


def suggested(facts: ReplyFacts, text: str = "", *, user: Any = None, limit: int = 8) -> list[Suggestion]:
    """The answers that fit best what the customer said and how they stand to us, with the reasons.

    Answers for others (another relation, bought or not) are left out. Without a word that matches, those that fit
    the customer's standing come; an answer for anybody that nothing speaks for does not.
    """
    asked, liked = text.lower(), favourites_of(user)
    weighed = (_weigh(reply, facts, asked, reply.pk in liked) for reply in _fitting(facts))
    found = [suggestion for suggestion in weighed if suggestion.reasons]
    return sorted(found, key=lambda one: (-one.score, -one.reply.uses, one.reply.pk))[:limit]


def favourites_of(user: Any) -> set[int]:
    """Ids of the answers that this user marked."""
    if user is None or user.pk is None:
        return set()
    return set(FavouriteReply.objects.filter(user=user).values_list("reply_id", flat=True))


def _having(words: str) -> Q:
    folded = words.lower()
    grams = sorted({folded[at : at + 2] for at in range(len(folded) - 1)})
    exact = Q(title__icontains=words) | Q(text__icontains=words)
    return Q(grams__contains=grams) & exact if grams else exact


def _fitting(facts: ReplyFacts) -> Iterable[QuickReply]:
    fits = QuickReply.Fits.BOUGHT if facts.has_bought else QuickReply.Fits.NOT_BOUGHT
    for_relation = Q(relations=[]) | Q(relations__contains=[facts.relation])
    return QuickReply.objects.filter(for_relation, fits__in=[QuickReply.Fits.ANYONE, fits]).defer("grams")


def _weigh(reply: QuickReply, facts: ReplyFacts, asked: str, is_favourite: bool) -> Suggestion:
    said = [word for word in reply.keywords if word and word.lower() in asked]
    # A longer word says more: 退款进度 before 退款.
    reasons = [(_ASKED + len(word), _("客户提到“%s”") % word) for word in said]
    if is_favourite:
        reasons.append((_FAVOURED, _("你的收藏")))
    if reply.relations:
        reasons.append((_STANDS, _("适合%s的客户") % Relation(facts.relation).label))
    if reply.fits != QuickReply.Fits.ANYONE:
        reasons.append((_BOUGHT, _("适合%s的客户") % reply.get_fits_display()))
    if reasons and reply.uses >= _OFTEN:
        reasons.append((_USED, _("同事常用")))
    return Suggestion(reply, [words for _score, words in reasons], sum(score for score, _words in reasons))
