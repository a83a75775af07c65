"""A line that says what was done, with a way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest

LEVELS = {"success": messages.SUCCESS, "info": messages.INFO, "warning": messages.WARNING, "error": messages.ERROR}


def toast(request: HttpRequest, text: str, *, level: str = "success", undo_url: str = "") -> None:
    """Show a line on the page that comes next, or now when htmx asked.

    undo_url: where a POST takes it back; empty: it cannot be taken back.
    """
    messages.add_message(request, LEVELS[level], text, extra_tags=undo_url, fail_silently=True)
