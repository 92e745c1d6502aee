"""Where a sign-up ends: a page that leads on, since no redirect may leave this origin after a POST."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_up/done.html")
