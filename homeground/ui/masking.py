"""Personal data as pages show it to those who may not see it whole."""

_KEPT = {"phone": (3, 4)}  # Characters left at the start and the end.
_USUAL = (2, 2)
_SHORT = 7


def mask(value: str, kind: str = "") -> str:
    """Hide the middle of a value: 13800001234 → 138****1234, wang@shop.cn → w***@shop.cn, 王小明 → 王**.

    kind: phone, email, name, or any kind of identity.
    """
    if "@" in value:
        name, _, host = value.rpartition("@")
        return f"{name[:1]}***@{host}"
    if kind == "name":
        return value[:1] + "*" * min(len(value) - 1, 2)
    start, end = (
        _KEPT.get(kind, _USUAL) if len(value) > _SHORT else _USUAL
    )  # A short "phone" is a number of another kind.
    if len(value) <= start + end:
        return value[:1] + "*" * max(len(value) - 1, 0)
    return f"{value[:start]}****{value[-end:]}"
