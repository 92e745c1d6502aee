"""Settings → Audit log (admins): sign-ins, refusals, and what was done to keys, settings and people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import audit_log
from accounts.forms.audit_log import AuditForm
from config import dashboard
from config.dashboard import OperatorRequest, admins_only


@require_safe
@admins_only
def show(request: OperatorRequest) -> HttpResponse:
    form = AuditForm(request.GET, zone=dashboard.zone(request))
    page = None
    if form.is_valid():
        place = {name: request.GET.get(name, "") for name in ("before", "after")}
        page = audit_log.page(form.asked, **place)
    return render(request, "accounts/audit_log/list.html", {"form": form, "page": page})
