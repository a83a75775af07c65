"""What there is to name, as a graph is read against it: one moment's state, built by queries.known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeground.segments.rules.dictionary import Dictionary


@dataclass(frozen=True)
class KnownMessage:
    """A template. refusal: why it cannot go out as it stands, in words; empty: it can."""

    name: str
    channel_kind: str
    is_promotion: bool
    refusal: str = ""


@dataclass(frozen=True)
class KnownChannel:
    """A channel. can_opt_out: whoever gets a promotion through it also gets a way to stop them."""

    name: str
    kind: str
    is_enabled: bool = True
    can_opt_out: bool = True


@dataclass(frozen=True)
class KnownDoor:
    name: str
    is_group: bool
    is_retired: bool = False


@dataclass(frozen=True)
class KnownCoupon:
    """A kind of coupon. refusal: why nobody gets one now, in words; empty: somebody may."""

    name: str
    refusal: str = ""


@dataclass(frozen=True)
class KnownJourney:
    """Another journey. hands_over: the journeys that it hands people to without any wait on the way."""

    name: str
    state: str
    takes_by_hand: bool = True
    hands_over: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """All that the graph at hand may name. dictionary: attributes, and the segments that it names, however far off."""

    dictionary: Dictionary
    messages: Mapping[int, KnownMessage] = field(default_factory=dict)
    channels: Mapping[str, KnownChannel] = field(default_factory=dict)
    doors: Mapping[int, KnownDoor] = field(default_factory=dict)
    coupons: Mapping[int, KnownCoupon] = field(default_factory=dict)
    journeys: Mapping[str, KnownJourney] = field(default_factory=dict)
    private_hosts: frozenset[str] = frozenset()  # Those in the private network that webhooks may call all the same.
