"""Money: whole numbers of a currency's minor unit (分, pence), never floats."""

from decimal import ROUND_HALF_EVEN, Decimal

# ISO 4217: currencies whose minor unit is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "JOD": 3, "OMR": 3, "TND": 3}
_SIGNS = {"CNY": "¥", "GBP": "£", "USD": "$", "EUR": "€", "JPY": "JP¥", "HKD": "HK$"}


def digits(currency: str) -> int:
    """Decimal places of the currency: 2 for CNY, 0 for JPY."""
    return _DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in the major unit as whole minor units, half to even."""
    return int((amount * 10 ** digits(currency)).to_integral_value(ROUND_HALF_EVEN))


def to_major(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal of the major unit: 1999 CNY → 19.99."""
    return Decimal(minor).scaleb(-digits(currency))


def show(minor: int, currency: str) -> str:
    """For a person: 123456 CNY → ¥1,234.56; the sign stands before the symbol."""
    places = digits(currency)
    sign = "-" if minor < 0 else ""
    return f"{sign}{_SIGNS.get(currency, currency + ' ')}{abs(to_major(minor, currency)):,.{places}f}"
