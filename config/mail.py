"""What all e-mails share: three templates, one recipient, links that begin with BASE_URL."""

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
# Text that a mail client may turn into a link: a scheme, an e-mail or IPv4 address, a domain name.
_LIKE_A_URL = re.compile(
    r"[a-z][a-z0-9+.-]*:\S|//|@|\d+(\.\d+){3}|\w[.。][^\W\d_]{2,}", re.IGNORECASE
)


def link(path: str) -> str:
    """Return an absolute URL of this installation. It never uses the request's Host header."""
    return f"{settings.BASE_URL}{path}"


def display_name(text: str) -> str:
    """Return a name in a form that is safe in an e-mail: one line, at most 64 characters, no hidden characters.

    Return "" if it looks like a link: a name must not lead readers to another site.
    """
    shaping = shaping_places(text)
    shown = "".join(
        " " if (each.isspace() or _is_hidden(each)) and place not in shaping else each
        for place, each in enumerate(text)
    )
    name = " ".join(shown.split())[:_NAME_CHARACTERS].strip()
    return "" if _LIKE_A_URL.search(_letters(name)) else name


class Mail(EmailMultiAlternatives):
    """An e-mail. One that contains a code is useful only for a short time."""

    holds_code = False


def compose(template: str, *, to: str, context: Mapping[str, Any]) -> Mail:
    """Render templates/emails/<template>/{subject.txt, body.txt, body.mjml} into one message.

    The context's `application` is replaced by its name, if `display_name` accepts that.
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
    # No web fonts: messages load nothing from other servers.
    html = mjml2html(render_to_string(f"{folder}/body.mjml", values), fonts={})
    message.attach_alternative(html, "text/html")
    return message


def render_text(name: str, *, context: Mapping[str, Any]) -> str:
    """Render a plain-text template without HTML escaping, which would show `&#x27;` for an apostrophe."""
    return Engine.get_default().get_template(name).render(Context(dict(context), autoescape=False))


def _letters(name: str) -> str:
    """Return the name without combining marks and joiners, which occur inside domain names in many scripts."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(each for each in plain if unicodedata.category(each)[0] not in "MC")


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character).startswith(
        "C"
    )  # controls, bidi marks, joiners, surrogates
