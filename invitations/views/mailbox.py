"""Shows the local mailbox that replaces a mail server in development; otherwise `config/urls.py` omits it.

Only for admins: the mailbox also contains reset codes for accounts of admins.
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
# The message is a separate document: it cannot run scripts or send forms.
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
    # A tab opened from a sandbox stays sandboxed, so forms there would not work. So links open in the top window.
    return secretive(
        HttpResponse(_mail(message_id).html.replace('target="_blank"', 'target="_top"'))
    )


def _mail(message_id: str) -> Mail:
    try:
        return read_message(message_id)
    except UnknownMail as error:
        raise Http404 from error
