"""Rows for tests. Traits name states: `InvitationFactory(expired=True)`, `UserFactory(operator=True)`."""

import time
from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from accounts.models import Grant, SecretKey, User
from config import counters
from config.ids import new_id
from invitations.models import Event, Invitation, Message

PASSWORD = "seven wet penguins"


def _now():
    return datetime.now(UTC)


def _id(prefix):
    """Return an id with its own millisecond, so that rows sort in order of creation on every machine."""

    def born():
        time.sleep(0.001)
        return new_id(prefix)

    return factory.LazyFunction(born)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        operator = factory.Trait(role="operator")
        admin = factory.Trait(role="admin")

    id = _id("user")
    role = "user"
    email_address = factory.Sequence(lambda n: f"user{n}@example.com")
    password = PASSWORD
    grant = Grant.PUBLIC

    @classmethod
    def _create(cls, model_class, *args, role, **kwargs):
        user = model_class.objects.create_user(**kwargs)
        if role == "operator":
            user.make_operator(by=None)
        if role == "admin":
            user.make_admin(by=None)
        return user


class InvitationFactory(DjangoModelFactory):
    """Creates only the row and counts it: no message and no event. `create_pending` creates those."""

    class Meta:
        model = Invitation

    class Params:
        expired = factory.Trait(
            created_at=factory.LazyFunction(lambda: _now() - timedelta(days=31))
        )
        accepted = factory.Trait(accepted_at=factory.LazyFunction(_now))
        revoked = factory.Trait(revoked_at=factory.LazyFunction(_now))

    id = _id("inv")
    email_address = factory.Sequence(lambda n: f"invitee{n}@example.com")
    email_key = factory.SelfAttribute("email_address")
    inviter_type = "operator"
    inviter_name = "Grace Hopper"
    created_at = factory.LazyFunction(_now)
    updated_at = factory.SelfAttribute("created_at")
    expires_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=30))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        invitation = super()._create(model_class, *args, **kwargs)
        if not invitation.revoked_at:
            counters.add("invitations", 1)
        return Invitation.objects.get(
            pk=invitation.pk
        )  # the database decides whether it has expired


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(state="sent", attempts=1, sent_at=factory.LazyFunction(_now))
        failed = factory.Trait(state="failed", attempts=1, last_error_class="recipient_refused")
        held = factory.Trait(hold_until=factory.LazyFunction(lambda: _now() + timedelta(hours=3)))

    kind = "invitation"
    invitation = factory.SubFactory(InvitationFactory)
    recipient = factory.SelfAttribute("invitation.email_address")
    recipient_key = factory.SelfAttribute("invitation.email_key")
    message_id = factory.Sequence(lambda n: f"<{n}@localhost>")


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    kind = "created"
    subject = "inv_unknown"


class SecretKeyFactory(DjangoModelFactory):
    """The text of the key is in `.raw`."""

    class Meta:
        model = SecretKey

    class Params:
        expired = factory.Trait(expires_in_days=-1)

    name = factory.Sequence(lambda n: f"Key {n}")
    by = None

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        key, key.raw = model_class.objects.issue(**kwargs)
        return key
