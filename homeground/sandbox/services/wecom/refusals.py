"""What the platform answers instead of data. These go to programs, so they are not translated."""


class Refused(Exception):
    """An API error: its documented code, and words that the caller must not rely on."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


class Malformed(Refused):
    """A body that is not a JSON object. The code is not documented; the phrase is."""

    def __init__(self) -> None:
        super().__init__(40058, "Warning: wrong json format. invalid parameter")
