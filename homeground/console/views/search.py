"""The search box of every page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from homeground.console import queries


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """What begins with these letters: a list under the box for htmx, else a page."""
    text = request.GET.get("q", "")
    template = "console/hits.html" if request.headers.get("HX-Request") else "console/search.html"
    return render(request, template, {"text": text, "hits": queries.hits(text, request.user)})
