"""The mailbox of a machine without a mail server (development only; `config/urls.py` leaves it out else).

For admins: a reset code for an admin's account lies here as well.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from config.dashboard import OperatorRequest, admins_only
from config.responses import secretive, unkept
from invitations.mailbox import Mail, UnknownMail
from invitations.mailbox import message as read_message
from invitations.mailbox import messages as read_messages

_SHOWN = 100
# The message is a document of its own, which runs nothing and sends no form.
_CSP = {
    "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
}


@require_safe
@admins_only
def mailbox(request: OperatorRequest) -> HttpResponse:
    return render(request, "invitations/mailbox.html", {"mails": read_messages()[:_SHOWN]})


@require_safe
@admins_only
def message(request: OperatorRequest, message_id: str) -> HttpResponse:
    return unkept(render(request, "invitations/mailbox_message.html", {"mail": _mail(message_id)}))


@require_safe
@xframe_options_sameorigin
@csp_override(_CSP)
@admins_only
def html(request: OperatorRequest, message_id: str) -> HttpResponse:
    # A tab that a sandbox opens stays in it, so that no form there could be sent: links leave by the top.
    return secretive(
        HttpResponse(_mail(message_id).html.replace('target="_blank"', 'target="_top"'))
    )


def _mail(message_id: str) -> Mail:
    try:
        return read_message(message_id)
    except UnknownMail as error:
        raise Http404 from error
