"""The API keys page (admins): made, shown once, listed, revoked."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts import fresh_proof
from accounts.forms.keys import NewKeyForm
from accounts.models import Application, HeldSecret, SecretKey, SigningKey
from accounts.publishable_key import frontend_api_url, publishable_key
from accounts.snippets import snippets
from config import dashboard
from config.dashboard import OperatorRequest, admins_only
from config.paging import PageQuery, page_of
from config.responses import unkept

_HEADERS = "-H \"Authorization:Bearer YOUR_SECRET_KEY\" -H 'Content-Type:application/json'"


@require_safe
@admins_only
def keys(request: OperatorRequest) -> HttpResponse:
    asked = PageQuery(request.GET).read()
    rows = SecretKey.objects.listed()
    context = {
        "page": page_of(rows, before=asked["before"], after=asked["after"]),
        "urls": _urls(),
        "signing_key": SigningKey.objects.listed().first(),
        "snippets": snippets(),
        "commands": _commands(f"{settings.BASE_URL}/v1/invitations"),
    }
    return render(request, "accounts/keys/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
@fresh_proof.required
def issue(request: OperatorRequest) -> HttpResponse:
    """One form makes one key: sent again, it leads to the page of the key that it made."""
    posted = request.POST if request.method == "POST" else None
    form = NewKeyForm(posted, today=dashboard.today(request))
    if form.is_valid():
        session_key = request.session.session_key or ""
        key = SecretKey.objects.issue_once(by=request.user, session_key=session_key, **form.terms)
        return redirect("issued_key", key_id=key.pk)
    return unkept(dashboard.dialog(request, "accounts/keys/issue.html", {"form": form}))


@require_GET
@admins_only
def issued(request: OperatorRequest, key_id: str) -> HttpResponse:
    """The one place where the key is ever seen, and the first look is the only one."""
    key = get_object_or_404(SecretKey, pk=key_id)
    session_key = request.session.session_key or ""
    raw = HeldSecret.objects.take(key.pk, user=request.user, session_key=session_key)
    return unkept(render(request, "accounts/keys/issued.html", {"key": key, "raw": raw}))


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
@fresh_proof.required
def revoke(request: OperatorRequest, key_id: str) -> HttpResponse:
    key = get_object_or_404(SecretKey, pk=key_id)
    if request.method != "POST":
        return dashboard.dialog(request, "accounts/keys/revoke.html", {"key": key})
    if key.revoke(by=request.user):
        messages.success(request, _("The key %(key)s is revoked") % {"key": key})
    else:
        messages.warning(request, _("The key %(key)s was revoked already") % {"key": key})
    return redirect("keys")


def _urls() -> list[tuple[str, str, str]]:
    """The name of each, the value, and a word where the name does not say it all."""
    base = settings.BASE_URL
    proxied = _(
        "Given to Clerk's packages. Or /__clerk, if your application passes it on to Ollio."
    )
    return [
        (_("Backend API URL"), f"{base}/v1", ""),
        (_("Frontend API URL"), f"{frontend_api_url()}/v1", ""),
        (_("Publishable key"), publishable_key(), _("No secret: it may stand in a page.")),
        ("proxyUrl", frontend_api_url(), proxied),
        (_("JWKS URL"), f"{base}/.well-known/jwks.json", ""),
        (_("Sign-up URL"), Application.objects.current().sign_up_page, ""),
    ]


def _commands(invitations_url: str) -> list[tuple[str, str]]:
    """What the API does, as lines for a terminal."""
    invite = '{"email_address": "email@example.com"}'
    lead_on = (
        '{"email_address": "email@example.com", '
        '"redirect_url": "https://www.example.com/accept-invitation", "public_metadata": {"role": "editor"}}'
    )
    return [
        (_("Invite somebody"), f"curl {invitations_url} -X POST -d '{invite}' {_HEADERS}"),
        (
            _("With redirect URL and metadata"),
            f"curl {invitations_url} -X POST -d '{lead_on}' {_HEADERS}",
        ),
        (
            _("Revoke an invitation"),
            f"curl {invitations_url}/<invitation_id>/revoke -X POST {_HEADERS}",
        ),
    ]
