"""Coupons: when they are good, how a kind fares, what a person holds, and whether somebody would get one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.loyalty.models import Coupon, CouponKind
from homeground.people.queries import brand, ids_of

State = Coupon.State


@dataclass(frozen=True)
class Fares:
    """How many coupons of a kind stand where."""

    granted: int = 0  # Ever.
    used: int = 0
    expired: int = 0
    revoked: int = 0

    @property
    def open(self) -> int:
        """Held and not used yet."""
        return self.granted - self.used - self.expired - self.revoked


def validity(kind: CouponKind, at: datetime) -> tuple[datetime, datetime]:
    """From when to before when a coupon granted now is good: days of the brand's zone, the last one whole."""
    zone = brand().time_zone
    if kind.starts_on and kind.ends_on:
        return time.start_of(kind.starts_on, zone), time.start_of(kind.ends_on + timedelta(days=1), zone)
    last = time.day_of(at, zone) + timedelta(days=kind.valid_days or 0)
    return at, time.start_of(last + timedelta(days=1), zone)


def fares_of(kinds: Collection[int]) -> Mapping[int, Fares]:
    """How these kinds fare; a kind that gave nothing is there, too."""
    rows = Coupon.objects.filter(kind__in=kinds).values_list("kind_id", "state").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, state, count in rows:
        found[kind][state] = count
    return {kind: _fares(states) for kind, states in found.items()}


def _fares(states: Mapping[str, int]) -> Fares:
    ended = (states.get(state, 0) for state in (State.USED, State.EXPIRED, State.REVOKED))
    return Fares(sum(states.values()), *ended)


def coupons_of(ids: Sequence[int]) -> QuerySet[Coupon]:
    """What a person (all ids) holds and held, newest first."""
    return Coupon.objects.filter(customer__in=ids).select_related("kind").order_by("-pk")


def stopped(kind: CouponKind, at: datetime) -> str:
    """Why nobody gets a coupon of this kind: "archived", "over" or "no_stock"; empty: somebody may."""
    if kind.archived_at:
        return "archived"
    if validity(kind, at)[1] <= at:
        return "over"
    return "no_stock" if kind.stock is not None and kind.granted >= kind.stock else ""


def grantable(at: datetime) -> list[CouponKind]:
    """Kinds of which somebody may get a coupon now, by name."""
    return [kind for kind in CouponKind.objects.filter(archived_at=None).order_by("name") if not stopped(kind, at)]


def verdict_for(kind: CouponKind, customer_id: int, at: datetime, held_too: int = 0) -> str:
    """What would become of a coupon for this person: "granted", or why not, as grant_coupons says it.

    held_too: coupons of the kind that count as hers already.
    """
    if why := stopped(kind, at):
        return why
    if kind.stock is not None and kind.granted + held_too >= kind.stock:
        return "no_stock"
    held = (
        held_too
        + Coupon.objects.filter(kind=kind, customer__in=ids_of(customer_id)).exclude(state=State.REVOKED).count()
    )
    return "at_limit" if kind.per_customer is not None and held >= kind.per_customer else "granted"


def refusal_words(verdict: str) -> str:
    """Why a coupon was not given, in a sentence."""
    return {
        "archived": _("这种券已归档，不再发放。"),
        "over": _("这种券的有效期已过，不再发放。"),
        "at_limit": _("这位客户已领满每人限领的数量。"),
        "no_stock": _("这种券已经发完。"),
        "no_customer": _("没有这位客户。"),
    }[verdict]
