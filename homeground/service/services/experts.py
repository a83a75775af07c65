"""Staff's cards and credentials (M47, M61)."""

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeground.core import time
from homeground.service.errors import CredentialRefused
from homeground.service.models import Credential, StaffProfile


def profile_of(staff_id: int) -> StaffProfile:
    """The member's card, made hidden when there is none."""
    return StaffProfile.objects.get_or_create(staff_id=staff_id, defaults={"token": secrets.token_urlsafe(9)})[0]


def save_profile(staff_id: int, *, headline: str, introduction: str, expertise: str, is_shown: bool) -> StaffProfile:
    """Write the card that customers see. Refused to show one that says nothing."""
    if is_shown and not headline.strip():
        raise CredentialRefused(_("先写一句话介绍，再对客户展示。"))
    profile = profile_of(staff_id)
    profile.headline, profile.introduction = headline.strip(), introduction.strip()
    profile.expertise, profile.is_shown = expertise.strip(), is_shown
    profile.save()
    return profile


def add_credential(
    staff_id: int,
    *,
    title: str,
    number: str,
    issuer: str,
    issued_on: date,
    expires_on: date | None,
    by: str,
    at: datetime | None = None,
) -> Credential:
    """Keep a credential whose original `by` has seen. The same title and number twice is refused."""
    if expires_on and expires_on <= issued_on:
        raise CredentialRefused(_("有效期要晚于发证日期。"))
    try:
        with transaction.atomic():
            return Credential.objects.create(
                staff_id=staff_id,
                title=title.strip(),
                number=number.strip(),
                issuer=issuer.strip(),
                issued_on=issued_on,
                expires_on=expires_on,
                checked_by=by,
                checked_at=at or time.now(),
            )
    except IntegrityError:
        raise CredentialRefused(_("这位员工已登记过这份证书。")) from None


def remove_credential(credential_id: int) -> None:
    """Forget a credential. A repeat changes nothing."""
    Credential.objects.filter(pk=credential_id).delete()
