"""Our own checks for `manage.py check --deploy`, in addition to Django's."""

import ipaddress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 Django's name for it
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from config import key_file
from config.limits import LIMITS


def mail_can_leave(**_options: Any) -> list[CheckMessage]:
    if settings.MAILERS["transport"]["BACKEND"] != "invitations.delivery.NoTransport":
        return []
    return [
        Warning(
            "No mail can leave: invitations and codes wait until a mail server is named.",
            hint="Set EMAIL_URL, like smtp+tls://user:password@smtp.example.com:587, or MAIL_PROVIDER.",
            id="ollio.W001",
        )
    ]


def mail_provider_exists(**_options: Any) -> list[CheckMessage]:
    try:
        found = import_string(settings.MAILERS["transport"]["BACKEND"])
    except (ImportError, TypeError, ValueError):  # the last two if the name begins with a dot
        found = None
    if isinstance(found, type):  # import_string also finds a module, if it was imported before
        return []
    hint = "Name the class of a backend, such as anymail.backends.postmark.EmailBackend."
    return [Error("MAIL_PROVIDER names nothing that is installed.", hint=hint, id="ollio.E001")]


def mail_password_is_encrypted(**_options: Any) -> list[CheckMessage]:
    server = settings.MAILERS["transport"].get("OPTIONS", {})
    is_plain = "host" in server and not (server["use_tls"] or server["use_ssl"])
    if not is_plain or not server["password"] or _is_this_machine(server["host"]):
        return []
    return [
        Warning(
            "EMAIL_URL sends its password, and all mail, to another machine without TLS.",
            hint="Write smtp+tls:// for port 587 or smtp+ssl:// for port 465.",
            id="ollio.W002",
        )
    ]


def proxies_are_counted(**_options: Any) -> list[CheckMessage]:
    if not settings.SECURE or settings.TRUSTED_PROXY_COUNT:
        return []
    return [
        Warning(
            "TRUSTED_PROXY_COUNT is 0, but https needs a proxy in front: all visitors have its address, "
            "and share the limits of one.",
            hint="Set TRUSTED_PROXY_COUNT to the number of your proxies, mostly 1.",
            id="ollio.W003",
        )
    ]


def limits_are_the_documented_ones(**_options: Any) -> list[CheckMessage]:
    unknown = sorted(settings.LIMITS.keys() - LIMITS.keys())
    raised = sorted(
        name
        for name, times in settings.LIMITS.items()
        if name in LIMITS and times > LIMITS[name].times
    )
    found: list[CheckMessage] = []
    if unknown:
        hint = "docs/security.md lists the limits."
        found.append(
            Warning(f"LIMITS names none of ours: {', '.join(unknown)}.", hint=hint, id="ollio.W005")
        )
    if raised and not settings.DEBUG:
        hint = "Take them out of LIMITS, which is for race and speed runs: limits stop who guesses and floods."
        found.append(Warning(f"LIMITS raises {', '.join(raised)}.", hint=hint, id="ollio.W004"))
    return found


def signing_key_can_be_used(**_options: Any) -> list[CheckMessage]:
    try:
        key_file.named()
    except ImproperlyConfigured as fault:
        return [Error(str(fault), id="ollio.E002")]
    return []


def known_codes_prove_nobody(**_options: Any) -> list[CheckMessage]:
    if settings.DEBUG or not settings.ALLOW_TEST_MODE:
        return []
    return [
        Warning(
            "ALLOW_TEST_MODE lets a secret key switch on that a known code proves test addresses.",
            hint="Unset it where real people sign up.",
            id="ollio.W006",
        )
    ]


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
