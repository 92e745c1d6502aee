from django.http import HttpRequest

from accounts.frontend_api.refusals import unknown_ticket
from config import limits
from config.clients import client_network
from invitations.models import Ticket


def find_ticket(request: HttpRequest, *, raw: str, limit: str) -> Ticket:
    """The ticket of this text, whatever the state of its invitation. A post without one counts per client against
    `limit` and as a failure.
    """
    ticket = Ticket.objects.find(raw)
    if ticket is None:
        limits.take(limit, subject=client_network(request))
        limits.take("unknown_ticket", subject=client_network(request))
        raise unknown_ticket()
    return ticket
