"""Settings → Operators (admins): who may open the dashboard."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import fresh_proof
from accounts.forms.operators import OperatorForm, RoleForm
from accounts.models import User
from accounts.models.user import LastAdmin
from config import dashboard
from config.dashboard import OperatorRequest, admins_only
from config.paging import PageQuery, page_of


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
@fresh_proof.required(allow_get=True)
def operators(request: OperatorRequest) -> HttpResponse:
    form = OperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _changed(request, form.user, role=form.cleaned_data["role"])
    asked = PageQuery(request.GET).read()
    rows = User.objects.filter(is_staff=True).with_protection()
    people = page_of(rows, before=asked["before"], after=asked["after"])
    return render(request, "accounts/operators/list.html", {"form": form, "page": people})


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
@fresh_proof.required
def change(request: OperatorRequest, user_id: str) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id, is_staff=True)
    form = RoleForm(
        request.POST or None, initial={"role": "admin" if person.is_superuser else "operator"}
    )
    if request.method == "POST" and form.is_valid():
        return _changed(request, person, role=form.cleaned_data["role"])
    return dashboard.dialog(
        request, "accounts/operators/change.html", {"person": person, "form": form}
    )


def _changed(request: OperatorRequest, person: User, *, role: str) -> HttpResponse:
    verb = {
        "operator": person.make_operator,
        "admin": person.make_admin,
        "user": person.end_operator,
    }[role]
    sentences = {
        "operator": _("%(person)s is an operator now"),
        "admin": _("%(person)s is an admin now"),
        "user": _("%(person)s cannot open the dashboard any more"),
    }
    try:
        verb(by=request.user)
    except LastAdmin:
        messages.error(
            request,
            _("Make somebody else an admin first: %(person)s is the last one")
            % {"person": person.label},
        )
        return redirect("operators")
    messages.success(request, sentences[role] % {"person": person.label})
    is_self = person.pk == request.user.pk
    return redirect("home" if is_self and role != "admin" else "operators")
