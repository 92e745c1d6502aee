"""`create` writes with its own SQL. It must write what the models would write."""

from datetime import timedelta

import pytest

from accounts.addresses import normalise_email
from config.crypto import digest
from invitations.models import Asked, Event, Invitation, Message, Ticket
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ADA = normalise_email("ada@example.com")
ODD = {
    "percent": "100 %s %(x)s %% {0} {name}",
    "quotes": "it's \"so\" \\ '' $$ --",
    "letters": "Zoë 日本 🎉 \u2028 \x7f",
    "numbers": [0, -1, 2**53 - 1, -(2**53) + 1, 0.1, 1e-7, 1.5e10],
    "nested": {"": {"a": [[], {}, None, True, False]}},
    "$.email_key": "not a path",
}
SAID = Asked(
    ADA,
    ignore_existing=True,
    public_metadata=ODD,
    redirect_url="https://example.com/?a='%s'&b=ü",
    notify=True,
    template_slug="waitlist_invitation",
    expires_in_days=365,
)


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def create(asked, **fields):
    operator = UserFactory(operator=True, first_name="It's", last_name="%s {0} Ω")
    return Invitation.objects.create_all([asked], by=operator, **fields)[0]


@pytest.mark.parametrize("asked", [SAID, Asked(ADA)])
def test_what_is_answered_is_what_is_stored(asked):
    made = create(asked)
    stored = Invitation.objects.with_delivery().get()
    assert columns(stored) == columns(made)
    assert stored.public_metadata == asked.public_metadata
    names = ("is_past", "mail_state", "last_event_kind", "last_event_at", "status")
    assert [getattr(made, name) for name in names] == [getattr(stored, name) for name in names]


def test_what_is_said_is_what_is_stored():
    made = create(SAID)
    said = {**SAID._asdict(), **ADA._asdict()}
    for name in ("address", "ignore_existing", "expires_in_days"):
        said.pop(name)
    assert said.items() <= columns(made).items()
    assert made.expires_at - made.created_at == timedelta(days=365)
    assert (made.exclusive, made.inviter_name) == (False, "It's %s {0} Ω")


def test_the_orm_would_write_the_same_row():
    made = create(SAID)
    Invitation.objects.all().delete()
    Invitation(**columns(made)).save(force_insert=True)
    assert columns(Invitation.objects.get()) == columns(made)


def test_what_is_not_said_is_the_models_default():
    made = columns(create(Asked(ADA)))
    kept = {**made, "id": "", "public_metadata": {}}
    given = ("email_address", "email_key", "created_at", "updated_at", "expires_at")
    said = {name: made[name] for name in (*given, "inviter_type", "inviter_id", "inviter_name")}
    assert {**columns(Invitation(**said)), "id": ""} == kept


def test_the_mail_has_the_models_defaults():
    made = create(Asked(ADA))
    queued = Message.objects.get()
    plain = Message(
        kind="invitation", invitation=made, recipient=ADA.email_address, recipient_key=ADA.email_key
    )
    own = {"id", "message_id", "created_at", "next_attempt_at"}
    first, second = columns(queued), columns(plain)
    assert {name: first[name] for name in first.keys() - own} == {
        name: second[name] for name in second.keys() - own
    }
    assert queued.created_at == queued.next_attempt_at == made.created_at
    assert queued.message_id.endswith("@localhost>")


def test_event_and_ticket_have_the_models_defaults():
    made = create(Asked(ADA), channel="api")
    event, ticket = Event.objects.get(kind="created"), Ticket.objects.get()
    assert (event.subject, event.at, event.detail) == (made.id, made.created_at, {})
    assert event.actor_id == made.inviter_id
    assert ticket.hash == digest(made.raw_ticket)
    assert (ticket.channel, ticket.purpose) == ("api", "invitation")
    assert ticket.created_at == made.created_at


def test_ids_keep_the_order_of_a_call():
    asked = [Asked(normalise_email(f"ada{n}@example.com")) for n in range(50)]
    made = Invitation.objects.create_all(asked, by=UserFactory(operator=True))
    assert [each.pk for each in made] == sorted(each.pk for each in made)


def test_metadata_of_one_is_not_anothers():
    asked = [Asked(ADA), Asked(normalise_email("bob@example.com"))]
    ada, bob = Invitation.objects.create_all(asked, by=UserFactory(operator=True))
    ada.public_metadata["role"] = "editor"
    assert bob.public_metadata == {} == Asked(ADA).public_metadata
