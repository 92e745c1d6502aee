"""What the audit log has of the doors, in a word."""

from accounts.models import SecurityEvent


def traced(*kinds):
    """(kind, how, subject) of each row, oldest first; of some kinds only, where they are named."""
    rows = SecurityEvent.objects.order_by("id")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return list(rows.values_list("kind", "how", "subject"))
