"""`create_all`: many invitations, checked in order as if created one by one; all or none are created."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.addresses import normalise_email
from config import counters
from invitations.models import (
    Asked,
    BulkRefused,
    Event,
    Invitation,
    InvitationRefused,
    Message,
    Ticket,
)
from tests.factories import InvitationFactory, UserFactory

pytestmark = pytest.mark.django_db


def asked(*local_parts, **fields):
    return [Asked(normalise_email(f"{each}@example.com"), **fields) for each in local_parts]


def again(local_part):
    return Asked(normalise_email(f"{local_part}@example.com"), ignore_existing=True)


def reasons(verdicts):
    return [verdict and verdict.reason for verdict in verdicts]


def refusals(rows, admin):
    with pytest.raises(BulkRefused) as refused:
        Invitation.objects.create_all(rows, by=admin.user)
    return [(index, refusal.reason) for index, refusal in refused.value.refusals]


def test_all_are_invited_in_the_order_asked(admin):
    made = Invitation.objects.create_all(asked("ada", "bob", "eve"), by=admin.user, channel="api")
    assert [each.email_address[:3] for each in made] == ["ada", "bob", "eve"]
    ids = {each.pk for each in made}
    assert ids == set(Invitation.objects.pending().values_list("pk", flat=True))
    assert ids == set(Event.objects.filter(kind="created").values_list("subject", flat=True))
    assert ids == set(Message.objects.values_list("invitation_id", flat=True))
    assert [Ticket.objects.find(each.raw_ticket).invitation_id for each in made] == [
        each.pk for each in made
    ]
    assert counters.total("invitations") == 3


def test_whoever_is_refused_is_named_and_nobody_is_invited(admin):
    UserFactory(email_address="bob@example.com")
    InvitationFactory(email_address="eve@example.com")
    before = counters.total("invitations")
    rows = asked("ada", "bob", "eve", "ada")
    assert refusals(rows, admin) == [(1, "address_taken"), (2, "duplicate"), (3, "duplicate")]
    assert Invitation.objects.count() == 1
    assert not Message.objects.exists()
    assert counters.total("invitations") == before


def test_ignoring_what_exists_is_said_row_by_row(admin):
    UserFactory(email_address="bob@example.com")
    InvitationFactory(email_address="eve@example.com")
    Invitation.objects.create_all(
        [again("bob"), again("eve"), *asked("ada"), again("ada")], by=admin.user
    )
    assert Invitation.objects.pending().count() == 5
    assert Invitation.objects.filter(exclusive=True).count() == 2


def test_a_row_that_ignores_what_exists_is_itself_something_that_exists(admin):
    assert refusals([again("ada"), *asked("ada")], admin) == [(1, "duplicate")]


def test_the_judgement_can_be_had_alone(admin):
    InvitationFactory(email_address="eve@example.com")
    verdicts = Invitation.objects.judge([*asked("ada", "eve"), again("eve")])
    assert reasons(verdicts) == [None, "duplicate", None]
    assert isinstance(verdicts[1], InvitationRefused)
    assert verdicts[1].email_address == "eve@example.com"
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("trait", ["expired", "revoked"])
def test_what_is_over_stands_in_nobodys_way(admin, trait):
    InvitationFactory(email_address="ada@example.com", **{trait: True})
    Invitation.objects.create_all(asked("ada", "bob"), by=admin.user)
    assert Invitation.objects.pending().count() == 2


def test_mails_to_one_mailbox_leave_apart_also_in_one_call(admin):
    Invitation.objects.create_all([*asked("ada"), *[again("ada")] * 3, again("bob")], by=admin.user)
    assert Message.objects.due().count() == 2
    assert Message.objects.exclude(hold_until=None).count() == 3


def test_each_row_says_for_itself_whether_it_is_mailed(admin):
    rows = [*asked("ada"), *asked("bob", notify=False)]
    made = Invitation.objects.create_all(rows, by=admin.user)
    assert Message.objects.get().recipient == "ada@example.com"
    assert [each.mail_state for each in made] == ["queued", None]


def test_nothing_asked_is_nothing_made(admin):
    assert Invitation.objects.create_all([], by=admin.user) == []
    assert Invitation.objects.judge([]) == []


def test_only_who_may_invite_may_invite_many(member):
    with pytest.raises(PermissionDenied):
        Invitation.objects.create_all(asked("ada"), by=member.user)
