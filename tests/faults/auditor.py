"""Checks what must hold after every fault (docs/design.md). It reads the database, the mails that arrived and the logs,
and checks that the totals of `config/counters.py` are correct.
"""

import re
from collections import Counter

from django.db import connection

from accounts.models import User
from config import counters
from invitations.models import Event, Invitation, Message, Status
from invitations.models.message import State

# Only as a separate word: encrypted text is base64, which may contain the same letters by chance.
_SECRET = re.compile(r"(?<![\w-])(?:olt_[A-Za-z0-9_-]{43}|sk_(?:live|test)_[A-Za-z0-9]{20,})")


def audit(*, mails, logs, faults, secrets):
    """Fail with every broken rule. `faults` is how often the test disturbed each message on purpose."""
    broken = [
        *_one_user_an_address(),
        *_accepted_means_somebody(),
        *_nothing_both_ways(),
        *_one_message_a_request(),
        *_copies(mails, faults),
        *_secrets_kept(mails, logs, secrets),
        *_events_tell_all(),
        *_totals_kept(),
    ]
    assert not broken, "\n".join(broken)


def _one_user_an_address():
    keys = Counter(User.objects.values_list("email_key", flat=True))
    return [f"{key} has {number} users" for key, number in keys.items() if number > 1]


def _accepted_means_somebody():
    for invitation in Invitation.objects.all():
        if bool(invitation.accepted_at) != bool(invitation.accepted_user_id) and not _deleted(
            invitation
        ):
            yield f"{invitation}: accepted_at and accepted_user disagree"
    for user in User.objects.exclude(signup_invitation=None).select_related("signup_invitation"):
        if user.signup_invitation.accepted_user_id != user.pk:
            yield f"{user} names {user.signup_invitation}, which names somebody else"
        if user.public_metadata != user.signup_invitation.public_metadata:
            yield f"{user} lacks the metadata of {user.signup_invitation}"
        if not user.emailaddress_set.filter(verified=True).exists():
            yield f"{user} has no verified address"


def _deleted(invitation):
    by = Event.objects.filter(kind="accepted", subject=invitation.pk).values("actor_id")
    return Event.objects.filter(kind="erased", subject__in=by).exists()


def _nothing_both_ways():
    for invitation in Invitation.objects.exclude(accepted_at=None):
        if invitation.revoked_at:
            yield f"{invitation} is accepted and revoked"
        older = Invitation.objects.filter(
            email_key=invitation.email_key, created_at__lte=invitation.accepted_at
        )
        # An expired invitation may be resent afterwards.
        since = Event.objects.filter(kind="resent", at__gte=invitation.accepted_at)
        left = older.pending().exclude(pk__in=since.values("subject"))
        yield from (f"{other} outlives {invitation}" for other in left)


def _one_message_a_request():
    resent = Counter(Event.objects.filter(kind="resent").values_list("subject", flat=True))
    jobs = Counter(Message.objects.exclude(invitation=None).values_list("invitation", flat=True))
    for invitation in Invitation.objects.all():
        asked = int(invitation.notify) + resent[invitation.pk]
        if jobs[invitation.pk] != asked:
            yield f"{invitation} has {jobs[invitation.pk]} messages for {asked} requests"
        if (
            invitation.status == Status.PENDING
            and invitation.messages.filter(state=State.CANCELLED).exists()
        ):
            yield f"{invitation} is open, its message cancelled"


def _copies(mails, faults):
    arrived = Counter(mail.message_id for mail in mails)
    for message in Message.objects.all():
        copies = arrived.pop(message.message_id, 0)
        if message.state == State.SENT and not copies:
            yield f"{message} never arrived"
        if copies > 1 + faults:
            yield f"{message} arrived {copies} times after {faults} faults"
    yield from (f"nobody asked for {stranger}" for stranger in arrived)


def _secrets_kept(mails, logs, secrets):
    dump = "\n".join(_rows())
    known = {*secrets, *(match for mail in mails for match in _SECRET.findall(mail.text))}
    for place, text in (("database", dump), ("log", logs)):
        yield from (f"{match[:8]}… stands in the {place}" for match in _SECRET.findall(text))
        yield from (f"{secret[:8]}… stands in the {place}" for secret in known if secret in text)


def _rows():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield from (str(row) for row in cursor.fetchall())


def _events_tell_all():
    erased = Event.objects.filter(kind="deleted").values("subject")
    told = Counter(Event.objects.exclude(subject__in=erased).values_list("kind", flat=True))
    superseded = Invitation.objects.filter(closed_reason="superseded").count()
    invitation_mails = Message.objects.exclude(invitation=None)
    happened = {
        "created": Invitation.objects.count(),
        "accepted": Invitation.objects.exclude(accepted_at=None).count(),
        "revoked": Invitation.objects.exclude(revoked_at=None).count() - superseded,
        "superseded": superseded,
        "mail_sent": invitation_mails.filter(state=State.SENT).count(),
        "mail_failed": invitation_mails.filter(state=State.FAILED).count(),
    }
    for kind, number in happened.items():
        if told[kind] != number:
            yield f"{number} times {kind}, {told[kind]} events"


def _totals_kept():
    counted = {"users": User.objects, "invitations": Invitation.objects.filter(revoked_at=None)}
    for name, rows in counted.items():
        if counters.total(name) != rows.count():
            yield f"{rows.count()} {name}, {counters.total(name)} counted"
