"""The home page: how the loop runs, what today wants, and how to begin."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Existing customers first (M38), then the five links in order (M1), each gain beside its cost and harm (M2)."""
    return render(request, "console/home.html")
