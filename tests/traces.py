"""Helper that reads the traces of sign-ins and refusals from the audit log."""

from accounts.models import SecurityEvent


def traced(*kinds):
    """Return (kind, how, subject) of each row, oldest first; only the given kinds, if any."""
    rows = SecurityEvent.objects.order_by("id")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return list(rows.values_list("kind", "how", "subject"))
