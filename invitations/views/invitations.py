"""The Invitations tab of the dashboard: the list, one invitation's page, and the actions invite and revoke."""

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.addresses import with_pluses
from accounts.forms.metadata import as_text
from accounts.models import Application, User
from config import audit, dashboard
from config.dashboard import OperatorRequest
from config.paging import addressed, capped_count, page_of
from config.rights import Right
from invitations import destination, timeline
from invitations.destination import Welcome
from invitations.forms import InviteForm, ListQuery
from invitations.models import Invitation, InvitationClosed, InvitationRefused, Status
from invitations.models.queries import InvitationQuerySet
from invitations.targets import origin_of


@require_safe
def invitations(request: OperatorRequest) -> HttpResponse:
    asked = ListQuery(request.GET).read()
    rows = _rows().defer("public_metadata").filter(addressed(asked["q"]))
    if asked["status"]:
        rows = rows.in_status(asked["status"])
    context = {
        **asked,
        "page": page_of(rows, before=asked["before"], after=asked["after"]),
        "moment": timezone.now(),
        "filters": [
            (*status, capped_count(Invitation.objects.in_status(status[0])))
            for status in Status.choices
        ],
        "user_count": capped_count(User.objects.all()),
        "invitation_count": capped_count(Invitation.objects.all()),
    }
    return render(request, "invitations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: OperatorRequest) -> HttpResponse:
    audit.permit(request.user, Right.INVITE)
    application = Application.objects.current()
    form = InviteForm(
        request.POST or None,
        by=request.user,
        application=application,
        today=dashboard.today(request),
        initial={"email_address": with_pluses(request.GET.get("email_address", "").strip())},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = Invitation.objects.create_pending(by=request.user, **form.terms)
            return _invited(request, made)
        except InvitationRefused as refused:
            form.refuse(refused)
    said = form["redirect_url"].value() or ""
    context = {"form": form, **_note(said, by=request.user, application=application)}
    return dashboard.dialog(request, "invitations/invite.html", context, over="invitations")


@require_safe
def redirect_url_note(request: OperatorRequest) -> HttpResponse:
    """Return the note below the field while the operator types a redirect URL: is its origin allowed?"""
    audit.permit(request.user, Right.INVITE)
    said = request.GET.get("redirect_url", "")
    context = _note(said, by=request.user, application=Application.objects.current())
    return render(request, "invitations/_redirect_url_note.html", context)


@require_safe
def invitation(request: OperatorRequest, invitation_id: str) -> HttpResponse:
    found = get_object_or_404(_rows(), pk=invitation_id)
    application = Application.objects.current()
    now = destination.situation_read(found)
    leads_to = destination.leads_to(found, application=application)
    context = {
        "invitation": found,
        "moment": timezone.now(),
        "steps": timeline.steps(found.pk),
        "situation": now,
        "leads_to": leads_to,
        "may_call": destination.may_call(leads_to, application=application),
        "metadata": as_text(found.public_metadata),
    }
    return render(request, "invitations/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: OperatorRequest, invitation_id: str) -> HttpResponse:
    audit.permit(request.user, Right.REVOKE)
    found = get_object_or_404(_rows(), pk=invitation_id)
    if request.method != "POST":
        return dashboard.dialog(
            request, "invitations/revoke.html", {"invitation": found}, over="invitations"
        )
    try:
        found.revoke(by=request.user)
    except InvitationClosed as closed:
        return _revoked(request, found, closed=closed.reason)
    return _revoked(request, found)


def _note(said: str, *, by: User, application: Application) -> dict[str, Any]:
    welcome = destination.welcome(said, by=by, application=application)
    untold = Welcome.UNLISTED if application.redirect_origins else Welcome.NOTHING
    return {
        "origin": origin_of(said),
        "welcome": welcome,
        "may_call": destination.may_call(said, application=application),
        "anywhere": destination.may_lead_anywhere(by, application=application),
        "tells_operators": welcome in {untold, Welcome.UNLISTED} and not by.may(Right.CONFIGURE),
        "in_development": application.environment_type == "development",
    }


def _rows() -> InvitationQuerySet:
    """Return invitations with the e-mail address of the inviter, which is shown if the inviter has no name."""
    inviters = User.objects.filter(pk=OuterRef("inviter_id"))
    return Invitation.objects.with_delivery().annotate(
        actor_address=Subquery(inviters.values("email_address")[:1])
    )


def _invited(request: OperatorRequest, made: Invitation) -> HttpResponse:
    text = _("Invitation to %(address)s is on its way") % {"address": made.email_address}
    if not request.htmx:
        messages.success(request, text)
        return redirect("invitations")
    return dashboard.changed(
        _row(request, made), target="#invitation-rows", swap="afterbegin", text=text, tone="success"
    )


def _revoked(request: OperatorRequest, found: Invitation, *, closed: str = "") -> HttpResponse:
    """Report the result of a revoke, also if the invitation was already closed by another request."""
    sentences = {
        "": _("The invitation of %(address)s is revoked"),
        "revoked": _("The invitation of %(address)s was revoked already"),
        "accepted": _("Nothing was revoked: %(address)s has accepted the invitation already"),
    }
    text = sentences[closed] % {"address": found.email_address}
    if not request.htmx:
        messages.add_message(request, messages.WARNING if closed else messages.SUCCESS, text)
        return redirect("invitation", found.pk)
    toast = {"text": text, "tone": "warning" if closed else "success"}
    if closed != "accepted":
        again = reverse("invite", query={"email_address": found.email_address})
        toast |= {"href": again, "action": _("Invite again")}
    return dashboard.changed(_row(request, found), target=f"#{found.pk}", swap="outerHTML", **toast)


def _row(request: OperatorRequest, changed: Invitation) -> HttpResponse:
    context = {"invitation": _rows().get(pk=changed.pk), "moment": timezone.now()}
    return render(request, "invitations/list.html#row", context)
