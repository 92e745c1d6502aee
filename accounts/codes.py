"""What all six-digit codes have in common, whatever they are for and at whichever door: how often they may be asked
for and tried, and how a refusal is worded.
"""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import devices
from config import limits
from config.clients import client_network

REFUSALS = {
    "wrong": _("This is not the code. Check the newest e-mail."),
    "expired": _("This code is too old. Ask for a new one."),
    "too_many_tries": _("That was one wrong code too many. Ask for a new one."),
    "too_soon": _("A code left a moment ago. Ask again in 30 seconds."),
    "done": _("This code was used already, or is of no use any more."),
    "taken": _("This address belongs to another account."),
}


def take_asking(request: HttpRequest, *, email_key: str) -> None:
    """Count that a code is asked for, alike for every mailbox. Raises LimitExceeded, and then none is mailed.

    One client cannot use up what a mailbox may get, and many clients cannot flood it. A browser in which the account
    is known has a count of its own, so that no stranger keeps its owner from a code.
    """
    known = devices.knows(request, email_key=email_key)
    if known:
        limits.take("code_asked", subject=known)
        return
    limits.take("code_asked", subject=f"{email_key} {client_network(request)}")
    limits.take("code_asked_hour", subject=email_key)
    limits.take("code_asked_day", subject=email_key)
