"""Classifies errors of sending: does an error concern this message only, or all messages?"""

import smtplib
import ssl
from enum import Enum
from http import HTTPStatus
from typing import NamedTuple

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import NoReverseMatch

from invitations.delivery.transport import NotConfigured

# Errors of smtplib and ssl are OSErrors. ValueError: an address or a header is invalid in a mail.
TRANSPORT_ERRORS = (OSError, ValueError, AnymailError, ImproperlyConfigured)
# The errors that a broken template, translation or MJML file raises.
RENDERING_ERRORS = (
    TemplateDoesNotExist,
    TemplateSyntaxError,
    NoReverseMatch,
    LookupError,
    TypeError,
    ValueError,
)


class Remedy(Enum):
    RETRY = "this message again, later"
    FAIL = "never this message again"
    PAUSE = "no message at all for a while"


class Fault(NamedTuple):
    remedy: Remedy
    reason: str


_NEEDS_LOGIN = {530, 534, 535, 538}
_PERMANENT = 500
_CONTENT = {HTTPStatus.BAD_REQUEST, HTTPStatus.CONTENT_TOO_LARGE, HTTPStatus.UNPROCESSABLE_CONTENT}
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY}

LOST = Fault(Remedy.RETRY, "connection_lost")
TIMEOUT = Fault(Remedy.RETRY, "timeout")
BROKEN_TEMPLATE = Fault(Remedy.FAIL, "template_broken")
UNREADABLE = Fault(Remedy.FAIL, "unreadable")


def fault_of(error: Exception) -> Fault:
    """Return the fault for one of TRANSPORT_ERRORS. Subclasses are tested before their base classes."""
    if isinstance(error, smtplib.SMTPException):
        return _smtp_fault(error)
    if isinstance(error, AnymailError):
        return _provider_fault(error)
    match error:
        case ssl.SSLError():
            return Fault(Remedy.RETRY, "tls_failed")
        case TimeoutError():
            return TIMEOUT
        case NotConfigured():
            return Fault(Remedy.PAUSE, "not_configured")
        case ImproperlyConfigured():
            return Fault(Remedy.PAUSE, "misconfigured")
        case OSError():
            return LOST
    return Fault(Remedy.FAIL, "unsendable")


def _smtp_fault(error: smtplib.SMTPException) -> Fault:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _by_code(
                max(code for code, _text in error.recipients.values()), reason="recipient_refused"
            )
        case smtplib.SMTPDataError():
            return _by_code(error.smtp_code, reason="content_refused")
        case smtplib.SMTPAuthenticationError():
            return Fault(Remedy.PAUSE, "auth_refused")
        case smtplib.SMTPSenderRefused():
            return Fault(Remedy.PAUSE, "sender_refused")
        case smtplib.SMTPResponseException() | smtplib.SMTPNotSupportedError():
            return Fault(Remedy.PAUSE, "server_refused")
    # smtplib reports a timeout as a lost connection.
    return TIMEOUT if isinstance(error.__context__, TimeoutError) else LOST


def _by_code(code: int, *, reason: str) -> Fault:
    if code in _NEEDS_LOGIN:
        return Fault(Remedy.PAUSE, "auth_refused")
    if code < _PERMANENT:
        return Fault(Remedy.RETRY, "try_later")
    return Fault(Remedy.FAIL, reason)


def _provider_fault(error: AnymailError) -> Fault:
    if isinstance(error, (AnymailRecipientsRefused, AnymailInvalidAddress)):
        return Fault(Remedy.FAIL, "recipient_refused")
    if not isinstance(error, AnymailAPIError):
        return Fault(Remedy.FAIL, "unsendable")
    if error.status_code is None:
        return LOST
    return _by_status(error.status_code)


def _by_status(status: int) -> Fault:
    if status in _CONTENT:
        return Fault(Remedy.FAIL, "content_refused")
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Fault(Remedy.RETRY, "try_later")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Fault(Remedy.PAUSE, "too_many")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Fault(Remedy.PAUSE, "auth_refused")
    return Fault(Remedy.PAUSE, "server_refused")
