"""QR codes, drawn here."""

import io

import segno


def png(text: str, scale: int = 20) -> bytes:
    """For posters: 20 dots a module are about 600 to 900 dots, with the quiet zone of four modules."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def svg(text: str) -> bytes:
    """For print at any size."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=10, border=4, xmldecl=True, svgns=True)
    return out.getvalue()
