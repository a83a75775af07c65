"""What a pack is made of, as JSON. Every text a person reads is there twice: {"zh": …, "en": …}.

Pieces have local names, by which rules and graphs of the same pack name them: a segment or journey where its slug
would stand, a message where its id would. Installing puts the real ones in their places.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from homeground.content.models import Message, QuickReply
from homeground.core.loop import Link
from homeground.journeys.models.campaigns import Outcome
from homeground.people.models import Attribute, Relation

Local = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]  # In the brand's zone.
_Said = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
_LinkName = Literal[*Link.values]  # type: ignore[valid-type]
_Relation = Literal[*Relation.values]  # type: ignore[valid-type]
_FeedKind = Literal["goods", "benefit", "life", "expertise", "proof"]  # content.models.feed.PLANNED_KINDS.
_ChannelKind = Literal[*Message.ChannelKind.values]  # type: ignore[valid-type]
_AttributeKind = Literal[*Attribute.Kind.values]  # type: ignore[valid-type]
_Fits = Literal[*QuickReply.Fits.values]  # type: ignore[valid-type]
_Outcome = Literal[*Outcome.values]  # type: ignore[valid-type]


class Part(BaseModel):
    """A part of a pack: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Words(Part):
    """One text in both languages."""

    zh: _Said
    en: _Said


class WordLists(Part):
    """Short words in both languages; the lists need not be of one length."""

    zh: list[_Said] = []
    en: list[_Said] = []


class Fit(Part):
    """The answers to the three questions that this pack is for. business: sold to companies, not to people."""

    price: Literal["low", "mid", "high"]
    cycle: Literal["short", "long"]
    frequency: Literal["low", "high"]
    buyer: Literal["person", "business"] = "person"


class Threshold(Part):
    """At `enough` or above it works well, below `few` not yet; in between with care. says: the advice for each."""

    enough: Annotated[float, Field(ge=0)]
    few: Annotated[float, Field(ge=0)]
    well: Words
    care: Words
    not_yet: Words


class Suitability(Part):
    """Whether a brand should begin (M17). audience: customers we can reach. service: minutes of staff a customer and
    month. acquisition: people who come in a month.
    """

    audience: Threshold
    service: Threshold
    acquisition: Threshold


class AttributeNeeded(Part):
    """An attribute that rules of the pack name; declared where the dictionary lacks it."""

    label: Words
    kind: _AttributeKind


class SegmentGiven(Part):
    """A segment. rule: as docs/segment.schema.json has it, with local names of segments."""

    name: Words
    link: _LinkName
    rule: dict[str, Any]
    refresh_minutes: Annotated[int, Field(ge=5, le=10_080)] = 360
    why: Words


class MessageGiven(Part):
    """A message. {{name|…}} and the other places are those of the content room."""

    name: Words
    link: _LinkName
    channel_kind: _ChannelKind
    subject: Words | None = None
    body: Words
    is_promotion: bool


class CouponGiven(Part):
    """A kind of coupon; money in the brand's major unit. Made without stock: the brand decides how many there are."""

    name: Words
    form: Literal["off", "percent", "gift"]
    amount: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    pay_bp: Annotated[int, Field(ge=1, le=9999)] | None = None
    gift: Words | None = None
    threshold: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    valid_days: Annotated[int, Field(ge=1, le=3650)]
    per_customer: Annotated[int, Field(ge=1, le=100)] = 1
    partner: Words | None = None
    note: Words
    why: Words


class JourneyGiven(Part):
    """A journey. graph: as docs/journey.schema.json has it, with local names; texts in it may be in both languages.

    A message node has no channel: it takes the brand's channel of the message's kind. A coupon node names a coupon of
    the pack. An invite node names a door as "group" and says with `instead` ({"title", "how"}) which task stands there
    while no group code is chosen.
    """

    name: Words
    link: _LinkName
    why: Words
    hypothesis: Words
    primary_outcome: _Outcome = "ordered"
    window_days: Annotated[int, Field(ge=1, le=365)] = 30
    holdout_bp: Annotated[int, Field(ge=0, le=9000)] = 1000
    graph: dict[str, Any]


class ReplyGiven(Part):
    """A quick reply."""

    title: Words
    group: Words
    text: Words
    keywords: WordLists = WordLists()
    fits: _Fits = "anyone"
    relations: list[_Relation] = []


class Slot(Part):
    """A regular column of the persona. weekday: 1 is Monday."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    at: Clock
    kind: _FeedKind
    topic: Words


class PersonaGiven(Part):
    """Who speaks in the feed."""

    name: Words
    identity: Words
    expertise: Words
    tone: Words
    slots: Annotated[list[Slot], Field(max_length=21)]


class PostGiven(Part):
    """A draft of a post. day: 1 is the first Monday after the day of installing."""

    day: Annotated[int, Field(ge=1, le=35)]
    at: Clock
    kind: _FeedKind
    topic: Words
    text: Words


class FeedGiven(Part):
    """How much of a feed may sell."""

    max_selling_bp: Annotated[int, Field(ge=0, le=10_000)]
    window_days: Annotated[int, Field(ge=1, le=90)]
    min_posts: Annotated[int, Field(ge=2, le=100)]
    max_per_day: Annotated[int, Field(ge=1, le=10)]
    why: Words


class FollowUpGiven(Part):
    """In how many days customers with a tag, or in a relation, are due again (M35)."""

    basis: Literal["tag", "relation"]
    value: Words
    days: Annotated[int, Field(ge=0, le=730)]
    rank: Annotated[int, Field(ge=1, le=999)] = 5
    why: Words


class CapGiven(Part):
    """At most so many promotions; never looser than what counts already."""

    relation: _Relation
    window_days: Annotated[int, Field(ge=1, le=365)]
    max_touches: Annotated[int, Field(ge=0, le=100)]
    why: Words


class ShareGiven(Part):
    """How much of what a person gets may be promotion; never looser than what counts already."""

    max_share_bp: Annotated[int, Field(ge=0, le=10_000)]
    window_days: Annotated[int, Field(ge=1, le=365)]
    min_touches: Annotated[int, Field(ge=2, le=100)]
    why: Words


class KpiGiven(Part):
    """A metric of the pack's page, by its name in the room's dictionary. expected: the share that is usual (M26)."""

    metric: Local
    is_main: bool = False
    days: Annotated[int, Field(ge=7, le=730)] = 30
    expected: Annotated[float, Field(gt=0, le=1)] | None = None
    why: Words


class OffLimit(Part):
    """What must not be done with such a product. kept_by: the rule of the product that sees to it, if any does."""

    says: Words
    because: Words
    kept_by: Literal[
        "", "caps", "share", "feed", "need", "journey", "consent", "quiet", "returns", "complaints", "review"
    ] = ""


class Lack(Part):
    """A piece of the method that waits for something the product does not have; what to do meanwhile."""

    what: Words
    needs: Words
    meanwhile: Words


class Pack(Part):
    """A whole pack."""

    slug: Local
    version: Annotated[int, Field(ge=1, le=100_000)]
    name: Words
    summary: Words
    examples: Words
    fit: Fit
    principles: Annotated[list[Words], Field(min_length=1, max_length=12)]
    suitability: Suitability
    attributes: dict[Local | Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")], AttributeNeeded] = {}
    segments: dict[Local, SegmentGiven]
    need: Local | None = None  # The segment of those who have need: nobody else gets promotions (M31).
    messages: dict[Local, MessageGiven]
    coupons: dict[Local, CouponGiven] = {}
    journeys: dict[Local, JourneyGiven]
    replies: dict[Local, ReplyGiven]
    persona: PersonaGiven
    posts: dict[Local, PostGiven]
    feed: FeedGiven
    follow_ups: dict[Local, FollowUpGiven]
    caps: dict[Local, CapGiven]
    share: ShareGiven | None = None
    kpis: Annotated[list[KpiGiven], Field(min_length=1, max_length=12)]
    off_limits: Annotated[list[OffLimit], Field(min_length=1, max_length=20)]
    lacks: Annotated[list[Lack], Field(max_length=10)] = []
