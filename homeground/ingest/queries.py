"""Reads of this room."""

from django.db.models import QuerySet

from homeground.ingest.models import FileImport, Rejected, Token


def tokens() -> QuerySet[Token]:
    """Every token, revoked ones too, newest first."""
    return Token.objects.order_by("-created_at", "-pk")


def rejected() -> QuerySet[Rejected]:
    """Events that could not be taken, newest first."""
    return Rejected.objects.select_related("token").order_by("-pk")


def file_imports() -> QuerySet[FileImport]:
    """Imports of files, newest first."""
    return FileImport.objects.order_by("-made_at", "-pk")
