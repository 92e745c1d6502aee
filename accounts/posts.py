"""Whom a post counts against: its client, or the ticket that it comes with, so that a classroom behind one address
comes in at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.http import HttpRequest

from accounts.models import CodeRefused
from accounts.passwords import PasswordsBusy
from config import limits
from config.api_errors import APIRefusal
from config.clients import client_network
from invitations.models import Invitation, Status, Ticket


class Post(NamedTuple):
    name: str  # of the limit
    client: str
    has_ticket: bool

    def refuse(self) -> None:
        """Now it counts against the client, whom its ticket has spared so far. Raises LimitExceeded."""
        if self.has_ticket:
            limits.take(self.name, subject=self.client)


@contextmanager
def counted(request: HttpRequest, name: str, *, ticket: Ticket | None) -> Iterator[Post]:
    """Count a post before anything is judged. With the ticket of an open invitation it counts against the ticket, and
    against the client only where it is refused: by one of these errors, or by `refuse`. Raises LimitExceeded.
    """
    post = Post(name, client_network(request), has_ticket=_is_live(ticket))
    subject = f"ticket {ticket.pk}" if ticket and post.has_ticket else post.client
    limits.take(name, subject=subject)
    try:
        yield post
    except (APIRefusal, CodeRefused):
        post.refuse()
        raise
    except PasswordsBusy:  # whoever is asked to come back must find the ticket as it was
        if post.has_ticket:
            limits.give_back(name, subject=subject)
        raise


def _is_live(ticket: Ticket | None) -> bool:
    try:
        return ticket is not None and ticket.invitation.status == Status.PENDING
    except Invitation.DoesNotExist:  # erased meanwhile
        return False
