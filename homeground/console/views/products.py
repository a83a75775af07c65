"""What pickers of products ask for."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from homeground.commerce.queries import products_found, products_named
from homeground.console.views.ways import may


@require_GET
@may("commerce.view_product")
def products(request: HttpRequest) -> JsonResponse:
    """Products whose code begins with ?q= or whose name has it; or those of the codes in ?sku=, one a line."""
    skus = request.GET.get("sku", "")
    found = products_named(skus.split("\n")[:200]) if skus else products_found(request.GET.get("q", ""))
    return JsonResponse({"values": [_choice(sku, name) for sku, name in found]})


def _choice(sku: str, name: str) -> dict[str, Any]:
    return {"value": sku, "label": f"{name} · {sku}" if name else sku}
