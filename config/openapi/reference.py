"""The page to read the API on; it draws `/v1/openapi.json`."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "api_reference.html")
