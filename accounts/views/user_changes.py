"""What operators do to an account: each verb of a user, asked once on a page of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts import fresh_proof, second_factors
from accounts.forms.metadata import MetadataForm
from accounts.models import User
from accounts.models.upkeep import right_over
from accounts.models.user import LOCKOUT, LastAdmin
from config import audit, dashboard
from config.dashboard import OperatorRequest
from config.rights import Right


class Change(NamedTuple):
    """A verb in words: its button, its question, what it does, and what was done."""

    route: str
    verb: Callable[..., object]
    action: Promise
    title: Promise
    lead: Promise
    done: Promise
    tone: str = "primary"
    right: Right | None = None  # where it is not `right_over` that counts


BAN = Change(
    route="ban_user",
    verb=User.ban,
    action=gettext_lazy("Ban"),
    title=gettext_lazy("Ban %(person)s?"),
    lead=gettext_lazy(
        "They are signed out everywhere at once and cannot sign in until somebody unbans them. "
        "The account and its metadata stay."
    ),
    done=gettext_lazy("%(person)s is banned and signed out everywhere"),
    tone="danger",
)
UNBAN = Change(
    route="unban_user",
    verb=User.unban,
    action=gettext_lazy("Unban"),
    title=gettext_lazy("Unban %(person)s?"),
    lead=gettext_lazy("They can sign in again, as before the ban."),
    done=gettext_lazy("%(person)s is not banned any more"),
)
LOCK = Change(
    route="lock_user",
    verb=User.lock,
    action=gettext_lazy("Lock"),
    title=gettext_lazy("Lock %(person)s out?"),
    lead=format_lazy(
        gettext_lazy(
            "They cannot sign in for the next {minutes} minutes, or until somebody unlocks them. "
            "Where they are signed in already, they stay so."
        ),
        minutes=LOCKOUT // timedelta(minutes=1),
    ),
    done=gettext_lazy("%(person)s is locked out"),
)
UNLOCK = Change(
    route="unlock_user",
    verb=User.unlock,
    action=gettext_lazy("Unlock"),
    title=gettext_lazy("Unlock %(person)s?"),
    lead=gettext_lazy("They can sign in again, as before the lock."),
    done=gettext_lazy("%(person)s is not locked out any more"),
)
SIGN_OUT = Change(
    route="sign_out_user",
    verb=User.sign_out_everywhere,
    action=gettext_lazy("Sign out everywhere"),
    title=gettext_lazy("Sign %(person)s out everywhere?"),
    lead=gettext_lazy(
        "Every browser in which they are signed in is signed out at once. They can sign in again."
    ),
    done=gettext_lazy("%(person)s is signed out everywhere"),
)
RESET_SECOND_FACTOR = Change(
    route="reset_second_factor",
    verb=second_factors.reset,
    action=gettext_lazy("Reset second factor"),
    title=gettext_lazy("Reset the second factor of %(person)s?"),
    lead=gettext_lazy(
        "For somebody who has lost it: make sure that it is they who ask. Their authenticator app, passkeys "
        "and recovery codes are removed, they are signed out everywhere, and a mail tells them."
    ),
    done=gettext_lazy("%(person)s has no second factor any more and is signed out everywhere"),
    tone="danger",
    right=Right.ADMIN,
)
DELETE = Change(
    route="delete_user",
    verb=User.erase,
    action=gettext_lazy("Delete"),
    title=gettext_lazy("Delete %(person)s?"),
    lead=gettext_lazy(
        "The account is gone for good, with its metadata. The address is free again; "
        "invitations stay."
    ),
    done=gettext_lazy("%(person)s is deleted"),
    tone="danger",
)


def offered(person: User, *, to: User) -> list[Change]:
    """What the person's page offers; the verbs ask again."""
    if person.pk == to.pk or not to.may(right_over(person)):
        return []
    lock = UNLOCK if person.is_locked else LOCK
    can_reset = to.may(Right.ADMIN) and person.has_second_factor
    reset = [RESET_SECOND_FACTOR] if can_reset else []
    if not person.banned_at:
        return [SIGN_OUT, lock, *reset, BAN, DELETE]
    return [UNBAN, *([UNLOCK] if person.is_locked else []), *reset, DELETE]


@require_http_methods(["GET", "HEAD", "POST"])
def ban(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=BAN)


@require_http_methods(["GET", "HEAD", "POST"])
def unban(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=UNBAN)


@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=LOCK)


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=UNLOCK)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=SIGN_OUT)


@require_http_methods(["GET", "HEAD", "POST"])
def reset_second_factor(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=RESET_SECOND_FACTOR)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: OperatorRequest, user_id: str) -> HttpResponse:
    return _change(request, user_id, change=DELETE)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_metadata(request: OperatorRequest, user_id: str) -> HttpResponse:
    audit.permit(request.user, Right.MANAGE_USERS)
    if request.method == "POST":
        return _replace_metadata(request, user_id)
    person = get_object_or_404(User, pk=user_id)
    return _metadata_dialog(request, person, form=MetadataForm(person=person))


def _change(request: OperatorRequest, user_id: str, *, change: Change) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    if person.pk == request.user.pk:
        messages.error(request, _("You cannot do this to your own account. Ask another admin."))
        page = resolve_url("user", person.pk)
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    audit.permit(request.user, change.right or right_over(person))
    is_grave = person.is_staff or change is RESET_SECOND_FACTOR
    apply = _apply_proved if is_grave else _apply
    return apply(request, person, change=change)


def _apply(request: OperatorRequest, person: User, *, change: Change) -> HttpResponse:
    words = {"person": person.label}
    if request.method != "POST":
        context = {"person": person, "change": change, "title": change.title % words}
        return dashboard.dialog(request, "accounts/users/change.html", context)
    try:
        change.verb(person, by=request.user)
    except LastAdmin:
        messages.error(
            request, _("Make somebody else an admin first: %(person)s is the last one") % words
        )
        return redirect("user", person.pk)
    messages.success(request, change.done % words)
    return redirect("users") if change is DELETE else redirect("user", person.pk)


_apply_proved = fresh_proof.required(_apply)


@transaction.atomic
def _replace_metadata(request: OperatorRequest, user_id: str) -> HttpResponse:
    """The row is held from the comparison with what the page showed until it is replaced."""
    person = get_object_or_404(User.objects.select_for_update(), pk=user_id)
    form = MetadataForm(request.POST, person=person)
    if not form.is_valid():
        return _metadata_dialog(request, person, form=form)
    person.replace_metadata(by=request.user, **form.cleaned_data)
    messages.success(request, _("The metadata of %(person)s is saved") % {"person": person.label})
    return redirect("user", person.pk)


def _metadata_dialog(request: OperatorRequest, person: User, *, form: MetadataForm) -> HttpResponse:
    context = {"person": person, "form": form}
    return dashboard.dialog(request, "accounts/users/metadata.html", context)
