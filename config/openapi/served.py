"""The views that serve the OpenAPI descriptions to everyone, and the page for operators that displays them."""

import functools
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.openapi.backend import BACKEND
from config.openapi.document import document
from config.openapi.frontend import FRONTEND

_BOOKS = {"backend": BACKEND, "frontend": FRONTEND}


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return _served("backend")


@csrf_exempt
@require_safe
def frontend_openapi(request: HttpRequest) -> HttpResponse:
    return _served("frontend")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the description of one API, with a link to the other."""
    is_frontend = request.GET.get("api") == "frontend"
    url = reverse("frontend_openapi" if is_frontend else "openapi")
    return render(request, "api_reference.html", {"is_frontend": is_frontend, "openapi_url": url})


def _served(name: str) -> HttpResponse:
    text = _text(name, base_url=settings.BASE_URL)
    return HttpResponse(text, content_type="application/json")


@functools.cache
def _text(name: str, *, base_url: str) -> str:
    described = document(_BOOKS[name], base_url=base_url)
    return json.dumps(described, ensure_ascii=False, separators=(",", ":"))
