"""What can be wrong with what a sender wrote. Words are for the developer at the other end: English, with the field."""


class Unfit(Exception):
    """One event that cannot be taken; the others of its batch can."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class BadBody(Unfit):
    """A whole request that cannot be taken."""

    def __init__(self, code: str, message: str, field: str = "", status: int = 400) -> None:
        super().__init__(code, message, field)
        self.status = status


def wrong_type(field: str, wanted: str, value: object) -> Unfit:
    """A field of another JSON type than it must have."""
    return Unfit("wrong_type", f"{field} must be {wanted}, not {json_type(value)}", field)


def json_type(value: object) -> str:
    """What JSON calls the type of this value."""
    return _JSON_TYPES.get(type(value), "null")


_JSON_TYPES = {
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
    list: "an array",
    dict: "an object",
}
