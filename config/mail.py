"""What every message has in common: three templates, one recipient, links from the one base URL."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from mjml import mjml2html

from accounts.addresses import shaping_places

_NAME_CHARACTERS = 64
# What a mail client might make clickable: a scheme, an address, a number of four parts, a dotted name.
_LIKE_A_URL = re.compile(
    r"[a-z][a-z0-9+.-]*:\S|//|@|\d+(\.\d+){3}|\w[.。][^\W\d_]{2,}", re.IGNORECASE
)


def link(path: str) -> str:
    """An absolute URL on this installation; never from the request's Host."""
    return f"{settings.BASE_URL}{path}"


def display_name(text: str) -> str:
    """A name fit for a mail: one line of at most 64 characters, nothing hidden; empty where it looks like a
    link, since whoever chooses a name must not choose where readers click.
    """
    shaping = shaping_places(text)
    shown = "".join(
        " " if (each.isspace() or _is_hidden(each)) and place not in shaping else each
        for place, each in enumerate(text)
    )
    name = " ".join(shown.split())[:_NAME_CHARACTERS].strip()
    return "" if _LIKE_A_URL.search(_letters(name)) else name


class Mail(EmailMultiAlternatives):
    """A message; one that holds a code is of no use for long."""

    holds_code = False


def compose(template: str, *, to: str, context: Mapping[str, Any]) -> Mail:
    """Render templates/emails/<template>/{subject.txt, body.txt, body.mjml} into one message.

    The context's `application` is shown by its name, where that is fit to be shown.
    """
    folder = f"emails/{template}"
    application = display_name(str(context.get("application", ""))) or _("the application")
    values = {**context, "application": application}
    message = Mail(
        subject=" ".join(render_text(f"{folder}/subject.txt", context=values).split()),
        body=render_text(f"{folder}/body.txt", context=values).strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.holds_code = "code" in context
    # No fonts: the messages load nothing from elsewhere.
    html = mjml2html(render_to_string(f"{folder}/body.mjml", values), fonts={})
    message.attach_alternative(html, "text/html")
    return message


def render_text(name: str, *, context: Mapping[str, Any]) -> str:
    """Plain text knows no markup: escaping it would show people `&#x27;` for an apostrophe."""
    return Engine.get_default().get_template(name).render(Context(dict(context), autoescape=False))


def _letters(name: str) -> str:
    """Without marks and joiners, which stand between the letters of a domain in many scripts."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(each for each in plain if unicodedata.category(each)[0] not in "MC")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character).startswith(
        "C"
    )  # controls, bidi marks, joiners, surrogates
