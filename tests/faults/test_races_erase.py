"""A program erases rows while they are in use elsewhere: there are no errors, and every count stays correct."""

import pytest
from django.test import Client

from accounts.models import User
from invitations.models import Invitation
from tests.api.conftest import Program
from tests.factories import SecretKeyFactory, UserFactory
from tests.faults.conftest import FEWER
from tests.faults.race import IN, UNLIMITED, HeadStart, Visitor

PASSWORD = "seven wet penguins"
UNKNOWN = "/sign-up"  # a post with an unknown ticket shows this form, too


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.LIMITS = UNLIMITED


@pytest.fixture
def api(world):
    return Program(SecretKeyFactory())


def test_who_signs_up_while_the_invitation_is_erased_is_in_or_finds_no_link(
    api, invite, gate, audit
):
    head_start = HeadStart()
    for number in range(FEWER):
        invitation = invite(f"ada{number}@example.com", channel="api")
        visitor = Visitor(password=PASSWORD).open(invitation.raw_ticket)
        gate(
            [
                head_start.first(visitor.sign_up),
                head_start.second(lambda pk=invitation.pk: api.delete(f"/v1/invitations/{pk}")),
            ]
        )
        assert visitor.destination in {IN, UNKNOWN, 200}
        assert User.objects.holding(invitation.email_key).exists() == (visitor.destination == IN)
        head_start.after_win(by_first=visitor.destination == IN)
    assert not Invitation.objects.exists()
    audit()


@pytest.mark.parametrize("what", ["invitation", "account"])
def test_who_has_an_account_and_accepts_while_something_is_erased_meets_no_error(
    api, invite, gate, audit, what
):
    for _ in range(FEWER):
        person = UserFactory()
        invitation = invite(person.email_address, channel="api", ignore_existing=True)
        erased = {"invitation": f"invitations/{invitation.pk}", "account": f"users/{person.pk}"}
        accepted, deleted = gate(
            [accepting(person, invitation), lambda path=erased[what]: api.delete(f"/v1/{path}")]
        )
        # 200 if the account was erased before its addresses were read: then the link belongs to no account.
        # 404 if the invitation was erased while the page was built.
        assert accepted.status_code in {302, 200, 404}
        assert deleted.status_code == 200
    audit()


def accepting(person, invitation):
    """Return a call that accepts the invitation in a signed-in browser."""
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    link = f"/v1/tickets/accept?ticket={invitation.raw_ticket}"
    handle = browser.get(link, follow=True).context["handle"]
    return lambda: browser.post("/accept-invitation", {"handle": handle})


def test_an_operator_who_revokes_what_is_erased_meanwhile_is_told_that_it_is_gone(
    api, invite, gate, audit
):
    browser = Client(raise_request_exception=False)
    browser.force_login(UserFactory(operator=True))
    for number in range(FEWER):
        invitation = invite(f"ada{number}@example.com")
        answers = gate(
            [
                lambda pk=invitation.pk: browser.post(f"/invitations/{pk}/revoke"),
                lambda pk=invitation.pk: api.delete(f"/v1/invitations/{pk}"),
            ]
        )
        assert answers[0].status_code in {302, 404}
        assert answers[1].status_code == 200
    audit()


def test_two_who_make_a_user_of_the_same_addresses_make_one(api, gate, audit):
    for number in range(FEWER):
        addresses = [f"ada{number}@example.com", f"ben{number}@example.com"]
        answers = gate(
            [
                lambda given=given: api.post(
                    "/v1/users", {"email_address": given, "skip_password_requirement": True}
                )
                for given in [addresses, addresses[::-1]] * 2
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    audit()
