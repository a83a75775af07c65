"""The search box of every page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """What begins with these letters: as a list under the box for htmx, else as a page."""
    return render(request, "console/search.html")
