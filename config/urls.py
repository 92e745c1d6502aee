"""All routes, grouped by who may call them (config/doors.py reads the groups).

A middleware answers /livez, /readyz and /healthz before routing (config/health.py).

No route ends in a slash. allauth's views are mapped one by one; its sign-up view is not mapped.
"""

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, path, register_converter
from django.views.generic import RedirectView

from accounts.views import (
    account,
    audit_log,
    change_address,
    home,
    jwks,
    keys,
    operators,
    password_reset,
    proof_by_code,
    sessions,
    set_up,
    sign_in_code,
    sign_out,
    sign_up,
    sign_up_code,
    sign_up_script,
    user_changes,
    users,
    welcome,
)
from accounts.views import second_factor_changes as own_factors
from accounts.views import settings as settings_page
from accounts.views import sign_in as sign_in_page
from config.api import api
from config.frontend_api import frontend
from config.ids import IdConverter
from config.openapi import frontend_openapi, openapi, reference
from invitations.views import confirming, invitations, link, mailbox

register_converter(IdConverter, "id")
handler500 = "config.faults.server_error"
handler429 = "config.faults.too_often"  # allauth reads this name

_public: list[URLPattern] = [
    path("", home.home, name="home"),
    path("v1/openapi.json", openapi, name="openapi"),
    path("__clerk/v1/openapi.json", frontend_openapi, name="frontend_openapi"),
    path(".well-known/jwks.json", jwks.jwks, name="jwks"),
    path("setup", set_up.set_up, name="set_up"),
    # The invitation link, and the hosted pages that it redirects to.
    path("v1/tickets/accept", link.accept_ticket, name="accept_ticket"),
    path("sign-up", sign_up.sign_up, name="account_signup"),
    path("sign-up/code", sign_up_code.code, name="sign_up_code"),
    path("sign-up/code/again", sign_up_code.code_again, name="sign_up_code_again"),
    path("sign-up.js", sign_up_script.sign_up_script, name="sign_up_script"),
    path("accept-invitation", confirming.confirm, name="confirm_invitation"),
    path("accept-invitation/sign-out", confirming.sign_out, name="confirm_sign_out"),
    # Sign-in. allauth's views handle passwords and passkeys; our views handle mailed codes and password resets.
    path("sign-in", sign_in_page.sign_in, name="account_login"),
    path("sign-in/second-factor", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", sign_in_page.passkey, name="mfa_login_webauthn"),
    path("sign-in/inactive", sign_in.account_inactive, name="account_inactive"),
    # allauth redirects to this name in flows that are disabled here.
    path(
        "sign-in/verify",
        RedirectView.as_view(pattern_name="account_login"),
        name="account_email_verification_sent",
    ),
    path("sign-out", sign_out.sign_out, name="account_logout"),
    path("sign-in/with-code", sign_in_code.ask, name="sign_in_with_code"),
    path("sign-in/code", sign_in_code.code, name="sign_in_code"),
    path("sign-in/code/again", sign_in_code.code_again, name="sign_in_code_again"),
    path("password/reset", password_reset.ask, name="account_reset_password"),
    path("password/reset/code", password_reset.code, name="password_reset_code"),
    path("password/reset/code/again", password_reset.code_again, name="password_reset_code_again"),
    path("password/reset/new", password_reset.new_password, name="new_password"),
]

_signed_in: list[URLPattern] = [
    path("account", account.account, name="account"),
    path("account/welcome", welcome.welcome, name="welcome"),
    path("account/password", sign_in.password_change, name="account_change_password"),
    path("account/password/set", sign_in_page.set_password, name="account_set_password"),
    path("account/email", change_address.ask, name="account_email"),
    path("account/email/code", change_address.code, name="change_address_code"),
    path("account/email/code/again", change_address.code_again, name="change_address_code_again"),
    path("account/sessions", sessions.list_sessions, name="sessions"),
    path("account/sessions/<id:session_id>/end", sessions.end_session, name="end_session"),
]

# The only routes, besides public ones, for an operator who is overdue to add a second factor.
_enrolment: list[URLPattern] = [
    path("account/reauthenticate", sign_in.reauthenticate, name="account_reauthenticate"),
    path(
        "account/reauthenticate/second-factor",
        second_factor.reauthenticate,
        name="mfa_reauthenticate",
    ),
    path(
        "account/reauthenticate/passkey",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/reauthenticate/code", proof_by_code.ask, name="proof_by_code"),
    path("account/reauthenticate/code/typed", proof_by_code.code, name="proof_by_code_typed"),
    path(
        "account/reauthenticate/code/again",
        proof_by_code.code_again,
        name="proof_by_code_typed_again",
    ),
    path("account/second-factor", second_factor.index, name="mfa_index"),
    path("account/second-factor/app", own_factors.turn_on_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove", own_factors.turn_off_app, name="mfa_deactivate_totp"),
    path("account/second-factor/codes", own_factors.codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new",
        own_factors.new_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/codes/file",
        own_factors.codes_file,
        name="mfa_download_recovery_codes",
    ),
    path("account/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/passkeys/new", own_factors.add_passkey, name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove", own_factors.remove_passkey, name="mfa_remove_webauthn"
    ),
    path("account/passkeys/<int:pk>", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]

_operators: list[URLPattern] = [
    path("users", users.users, name="users"),
    path("users/<id:user_id>", users.user, name="user"),
    path("users/<id:user_id>/ban", user_changes.ban, name="ban_user"),
    path("users/<id:user_id>/unban", user_changes.unban, name="unban_user"),
    path("users/<id:user_id>/lock", user_changes.lock, name="lock_user"),
    path("users/<id:user_id>/unlock", user_changes.unlock, name="unlock_user"),
    path("users/<id:user_id>/sign-out", user_changes.sign_out, name="sign_out_user"),
    path(
        "users/<id:user_id>/second-factor/reset",
        user_changes.reset_second_factor,
        name="reset_second_factor",
    ),
    path("users/<id:user_id>/delete", user_changes.delete, name="delete_user"),
    path("users/<id:user_id>/metadata", user_changes.edit_metadata, name="edit_user_metadata"),
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/new", invitations.invite, name="invite"),
    path("invitations/new/redirect-url", invitations.redirect_url_note, name="redirect_url_note"),
    path("invitations/<id:invitation_id>", invitations.invitation, name="invitation"),
    path("invitations/<id:invitation_id>/revoke", invitations.revoke, name="revoke"),
    path("keys", keys.keys, name="keys"),
    path("keys/new", keys.issue, name="issue_key"),
    path("keys/<id:key_id>/issued", keys.issued, name="issued_key"),
    path("keys/<id:key_id>/revoke", keys.revoke, name="revoke_key"),
    path("api-reference", reference, name="api_reference"),
    path("settings", settings_page.settings, name="settings"),
    path("settings/mode", settings_page.mode, name="sign_up_mode"),
    path("settings/audit-log", audit_log.show, name="audit_log"),
    path(
        "settings/second-factor",
        settings_page.operators_second_factor,
        name="operators_second_factor",
    ),
    path("settings/operators", operators.operators, name="operators"),
    path("settings/operators/<id:user_id>", operators.change, name="change_operator"),
]
if settings.MAILBOX_ENABLED:
    _operators += [
        path("mailbox", mailbox.mailbox, name="mailbox"),
        path("mailbox/<str:message_id>", mailbox.message, name="mailbox_message"),
        path("mailbox/<str:message_id>/html", mailbox.html, name="mailbox_html"),
    ]

# Routes that accept file uploads, each with its maximum size in bytes. All other routes refuse multipart forms
# without reading them (config/bodies.py).
UPLOADS: dict[str, int] = {}

PUBLIC = {route.name for route in _public}
ENROLMENT = {route.name for route in _enrolment}
SIGNED_IN = {route.name for route in _signed_in} | ENROLMENT

urlpatterns = [
    path("v1/", api.urls),  # first, because programs send the most requests
    path("__clerk/v1/", frontend.urls),
    *_public,
    *_signed_in,
    *_enrolment,
    *_operators,
    path("back-room/", admin.site.urls),
]
