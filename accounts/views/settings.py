"""The Settings page (admins): the application, and who may sign up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import fresh_proof
from accounts.forms.settings import ModeForm, OperatorsFactorForm, SettingsForm
from accounts.models import Application, User
from config.dashboard import OperatorRequest, admins_only
from config.paging import capped_count
from invitations.models import Invitation
from invitations.origins import shared_by_apps


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
def settings(request: OperatorRequest) -> HttpResponse:
    application = Application.objects.current()
    if request.method != "POST":
        return _page(request, application, form=SettingsForm.of(application))
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, application, form=form)
    save = _save_proved if form.asks_for_proof else _save
    return save(request, application, form=form)


@require_POST
@admins_only
@fresh_proof.required
def mode(request: OperatorRequest) -> HttpResponse:
    application = Application.objects.current()
    form = ModeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose who may sign up"))
        return redirect("settings")
    application.change(by=request.user, **form.cleaned_data)
    if application.is_restricted:
        messages.success(request, _("Only people with an invitation can sign up now"))
    else:
        messages.success(request, _("Everybody can sign up now"))
    return redirect("settings")


@require_http_methods(["GET", "HEAD", "POST"])
@admins_only
@fresh_proof.required(allow_get=True)
def operators_second_factor(request: OperatorRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("settings")
    application = Application.objects.current()
    form = OperatorsFactorForm(request.POST)
    if not form.is_valid():
        settings_form = SettingsForm.of(application)
        return _page(request, application, form=settings_form, factor_form=form)
    application.require_second_factor(by=request.user, **form.cleaned_data)
    if application.second_factor_required_at:
        messages.success(request, _("Operators need a second factor now"))
    else:
        messages.success(request, _("Operators need no second factor"))
    return redirect("settings")


def _save(
    request: OperatorRequest, application: Application, *, form: SettingsForm
) -> HttpResponse:
    application.change(by=request.user, **form.changes)
    messages.success(request, _("The settings are saved"))
    return redirect("settings")


_save_proved = fresh_proof.required(_save)


def _page(
    request: OperatorRequest,
    application: Application,
    *,
    form: SettingsForm,
    factor_form: OperatorsFactorForm | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "factor_form": factor_form or OperatorsFactorForm.of(application),
        "mode_form": ModeForm(initial={"sign_up_mode": application.sign_up_mode}),
        "shared_by_apps": shared_by_apps(application.allowed_origins),
        "pending_count": capped_count(Invitation.objects.pending()),
        "operator_count": capped_count(User.objects.filter(is_staff=True)),
    }
    return render(request, "accounts/settings/settings.html", context)
