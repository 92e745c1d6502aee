import pytest

from invitations.models import Invitation, Ticket
from tests.accounts.visiting import mails
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.signing_in import ADA, attempt, newest_code, path_of, prepare


@pytest.fixture
def ada(db):
    return UserFactory(email_address=ADA, public_metadata={"team": "red", "seat": 4})


@pytest.fixture
def invitation(db):
    return InvitationFactory(email_address=ADA, public_metadata={"role": "editor", "seat": 5})


@pytest.fixture
def ticket(invitation):
    return Ticket.objects.mint(invitation, channel="mail")


def come(browser, ticket, **said):
    return browser.post("client/sign_ins", strategy="ticket", ticket=ticket, **said)


def test_it_accepts_for_somebody_who_has_an_account(browser, ada, ticket, invitation):
    begun = come(browser, ticket)
    assert begun.json()["response"]["identifier"] == ADA
    assert begun.json()["response"]["status"] == "needs_first_factor"
    done = attempt(browser, begun, "password", password=PASSWORD).json()
    assert done["response"]["status"] == "complete"
    merged = {"team": "red", "role": "editor", "seat": 5}
    assert done["client"]["sessions"][0]["user"]["public_metadata"] == merged
    invitation = Invitation.objects.get()
    assert (invitation.status, invitation.accepted_user) == ("accepted", ada)


def test_the_ticket_alone_signs_nobody_in_and_accepts_nothing(browser, ada, ticket):
    told = come(browser, ticket).json()
    assert told["client"]["sessions"] == []
    assert Invitation.objects.get().status == "pending"
    assert mails() == []


def test_ticket_and_password_may_come_together(browser, ada, ticket):
    told = come(browser, ticket, identifier="Ada@Example.com", password=PASSWORD).json()
    assert told["response"]["status"] == "complete"
    assert Invitation.objects.get().status == "accepted"


def test_a_mailed_code_proves_it_too(browser, ada, ticket):
    begun = come(browser, ticket)
    prepare(browser, begun)
    assert attempt(browser, begun, code=newest_code()).json()["response"]["status"] == "complete"
    assert Invitation.objects.get().status == "accepted"


def test_a_further_address_is_theirs_as_well(browser, ada):
    UserFactory(email_address="bob@example.com", further_addresses=["bob@second.example"])
    invitation = InvitationFactory(email_address="bob@second.example")
    ticket = Ticket.objects.mint(invitation, channel="shared")
    done = come(browser, ticket, password=PASSWORD).json()
    assert done["response"]["status"] == "complete"


def test_the_invitation_is_for_one_person(browser, refused, ada, ticket):
    UserFactory(email_address="eve@example.com")
    answer = come(browser, ticket, identifier="eve@example.com", password=PASSWORD)
    assert refused(answer) == (422, "form_param_value_invalid", "identifier")
    assert Invitation.objects.get().status == "pending"


def test_whoever_has_no_account_signs_up_instead(browser, refused, ticket):
    assert refused(come(browser, ticket)) == (422, "form_identifier_not_found")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("expired", "ticket_expired_code"),
        ("revoked", "revoked_invitation"),
        ("accepted", "invitation_already_accepted"),
    ],
)
def test_a_ticket_whose_time_is_over_is_told_so(browser, refused, ada, state, code):
    ticket = Ticket.objects.mint(InvitationFactory(email_address=ADA), channel="mail")
    Invitation.objects.all().delete()
    closed = InvitationFactory(email_address=ADA)
    ticket = Ticket.objects.mint(closed, channel="mail")
    made = InvitationFactory.build(**{state: True})
    names = ("expires_at", "created_at", "revoked_at", "accepted_at")
    Invitation.objects.update(**{name: getattr(made, name) for name in names})
    assert refused(come(browser, ticket)) == (400, code)
    assert browser.client()["sign_in"] is None


@pytest.mark.parametrize("ticket", ["", "x", f"olt_{'x' * 43}", "\u00e9" * 600, "olt_\t"])
def test_an_unknown_ticket_is_not_valid(browser, refused, ticket):
    assert refused(come(browser, ticket)) == (400, "ticket_invalid_code")


def test_a_revoke_in_between_ends_it(browser, refused, ada, ticket, invitation):
    begun = come(browser, ticket)
    invitation.revoke(by=None)
    answer = attempt(browser, begun, "password", password=PASSWORD)
    assert refused(answer) == (400, "revoked_invitation")
    assert browser.client()["sessions"] == []
    assert browser.sign_in()


def test_an_invitation_that_is_gone_is_not_valid(browser, refused, ada, ticket):
    begun = come(browser, ticket)
    Invitation.objects.get().erase(by=None)
    answer = browser.post(
        path_of(begun, "attempt_first_factor"), strategy="password", password=PASSWORD
    )
    assert refused(answer)[0] in {400, 404}
    assert browser.client()["sessions"] == []


def test_whoever_is_signed_in_goes_to_the_hosted_page_or_signs_out(browser, refused, ada, ticket):
    browser.sign_in()
    assert refused(come(browser, ticket)) == (400, "session_exists")
    assert Invitation.objects.get().status == "pending"
