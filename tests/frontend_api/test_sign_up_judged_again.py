"""Something changes during a sign-up: every step checks the state again."""

import pytest

from accounts.addresses import normalise_email
from accounts.models import CodeRefused, SignUp, User
from accounts.sign_up import complete, finish, say
from invitations.models import Invitation, Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory
from tests.frontend_api.signing_up import (
    LONG_AGO,
    PATIENT,
    SIGN_UPS,
    attempt,
    begin,
    begun,
    by_address,
    expire,
    mailed_code,
    prepare,
    set_mode,
    ticket_for,
)

pytestmark = pytest.mark.django_db
MODES = ["public", "restricted", "waitlist"]


@pytest.fixture
def ends(admin, new_browser):
    """Ways in which an invitation of ada@example.com ends, and the error that a sign-up with its ticket gets then."""

    def accept():
        ticket = Ticket.objects.mint(Invitation.objects.get(), channel="mail")
        begin(new_browser(), ticket=ticket, password="the other one's own")

    return {
        "ticket_expired_code": expire,
        "revoked_invitation": lambda: Invitation.objects.get().revoke(by=admin.user),
        "invitation_already_accepted": accept,
        "invitation_account_exists": lambda: UserFactory(email_address="ada@example.com"),
        "ticket_invalid_code": lambda: Invitation.objects.get().erase(by=admin.user),
    }


ENDS = [
    "ticket_expired_code",
    "revoked_invitation",
    "invitation_already_accepted",
    "invitation_account_exists",
    "ticket_invalid_code",
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("end", ENDS)
def test_an_invitation_that_ends_meanwhile_ends_the_sign_up(browser, refused, ends, mode, end):
    set_mode(mode)
    ticket = ticket_for()
    path = begun(browser, ticket=ticket)
    ends[end]()
    users = User.objects.count()
    assert refused(browser.patch(path, password=PASSWORD)) == (400, end)
    assert refused(browser.patch(path, password="short")) == (400, end)
    assert refused(browser.patch(path, ticket=ticket, password=PASSWORD)) == (400, end)
    assert refused(begin(browser, ticket=ticket, password=PASSWORD)) == (400, end)
    assert User.objects.count() == users
    assert browser.client()["sessions"] == []


@pytest.mark.parametrize("end", ENDS)
def test_an_invitation_that_ends_before_the_code_is_typed_ends_the_sign_up(
    browser, refused, ends, end
):
    path = begun(browser, ticket=ticket_for(channel="shared"), password=PASSWORD)
    prepare(browser, path)
    code = mailed_code()
    ends[end]()
    users = User.objects.count()
    assert refused(attempt(browser, path, code)) == (400, end)
    assert refused(prepare(browser, path)) == (400, end)
    assert User.objects.count() == users


def test_whoever_accepts_as_soon_as_a_password_is_written_down_ends_the_sign_up(
    browser, refused, ends, before
):
    path = begun(browser, ticket=ticket_for())
    before(SignUp, "refresh_from_db", happens=ends["invitation_already_accepted"])
    answer = browser.patch(path, password=PASSWORD)
    assert refused(answer) == (400, "invitation_already_accepted")


def test_whoever_accepts_while_a_code_is_asked_for_ends_the_sign_up(browser, refused, ends, before):
    path = begun(browser, ticket=ticket_for(channel="shared"), password=PASSWORD)
    before(SignUp, "check_pause", happens=ends["invitation_already_accepted"])
    assert refused(prepare(browser, path)) == (400, "invitation_already_accepted")


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("restricted", "sign_up_mode_restricted"),
        ("waitlist", "sign_up_restricted_waitlist"),
    ],
)
def test_another_mode_ends_a_sign_up_without_an_invitation(browser, refused, mode, code):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    digits = mailed_code()
    set_mode(mode)
    assert refused(browser.patch(path, password=PASSWORD)) == (403, code)
    assert refused(prepare(browser, path)) == (403, code)
    assert refused(attempt(browser, path, digits)) == (403, code)
    assert not User.objects.exists()


def test_another_mode_ends_a_sign_up_that_lacks_only_its_password(browser, refused):
    path = begun(browser, email_address="eve@example.com")
    prepare(browser, path)
    attempt(browser, path, mailed_code())
    set_mode("restricted")
    answer = browser.patch(path, password=PASSWORD)
    assert refused(answer) == (403, "sign_up_mode_restricted")
    assert not User.objects.exists()


@pytest.mark.parametrize("mode", ["restricted", "waitlist"])
def test_another_mode_does_not_stop_the_invited(browser, mode):
    path = begun(browser, ticket=ticket_for())
    set_mode(mode)
    browser.patch(path, password=PASSWORD)
    assert User.objects.exists()


def test_an_expired_invitation_that_is_sent_again_goes_on(browser, refused, admin):
    path = begun(browser, ticket=ticket_for())
    expire()
    assert refused(browser.patch(path, password=PASSWORD)) == (400, "ticket_expired_code")
    Invitation.objects.get().resend(by=admin.user)
    assert browser.patch(path, password=PASSWORD).json()["response"]["status"] == "complete"


def test_a_weak_password_loses_nothing(browser, refused):
    path = begun(browser, ticket=ticket_for())
    answer = browser.patch(path, password="short", first_name="Ada")
    assert refused(answer) == (422, "form_password_length_too_short", "password")
    kept = browser.client()["sign_up"]
    assert f"{SIGN_UPS}/{kept['id']}" == path
    assert (kept["missing_fields"], kept["first_name"]) == (["password"], "Ada")
    browser.patch(path, password=PASSWORD)
    assert User.objects.get().first_name == "Ada"


def test_a_weak_password_said_with_the_ticket_loses_nothing(browser, refused):
    answer = begin(browser, ticket=ticket_for(), password="12345678", first_name="Ada")
    assert refused(answer) == (422, "form_password_pwned", "password")
    kept = browser.client()["sign_up"]
    assert (kept["email_address"], kept["first_name"]) == ("ada@example.com", "Ada")
    browser.patch(f"{SIGN_UPS}/{kept['id']}", password=PASSWORD)
    assert Invitation.objects.get().status == "accepted"


def test_a_password_like_the_name_said_before_is_refused(browser, refused):
    path = begun(browser, ticket=ticket_for(), first_name="Featherstonehaugh")
    answer = browser.patch(path, password="featherstonehaugh")
    assert refused(answer) == (422, "form_password_not_strong_enough", "password")


def test_ten_weak_passwords_pause_a_ticket_and_end_nothing(
    browser, refused, settings, still_windows
):
    settings.LIMITS = PATIENT
    path = begun(browser, ticket=ticket_for())
    for _ in range(10):
        assert refused(browser.patch(path, password="short"))[0] == 422
    paused = browser.patch(path, password=PASSWORD)
    assert refused(paused) == (429, "too_many_requests")
    assert int(paused["Retry-After"]) >= 1
    settings.LIMITS = PATIENT | {"ticket_post": 11}
    assert browser.patch(path, password=PASSWORD).status_code == 200


def test_a_sign_up_is_abandoned_after_a_day(browser, refused):
    path = begun(browser, ticket=ticket_for())
    SignUp.objects.update(created_at=LONG_AGO)
    assert browser.client()["sign_up"] is None
    assert refused(browser.patch(path, password=PASSWORD)) == (404, "resource_not_found")
    assert Invitation.objects.get().status == "pending"


def test_an_invitation_that_another_supersedes_ends_its_sign_up(browser, new_browser, refused):
    ticket = ticket_for(exclusive=False)
    path = begun(browser, ticket=ticket)
    other = InvitationFactory(email_address="ada@example.com", exclusive=False)
    raw = Ticket.objects.mint(other, channel="mail")
    begin(new_browser(), ticket=raw, password="the other one's own")
    assert refused(browser.patch(path, password=PASSWORD)) == (400, "revoked_invitation")
    assert User.objects.get().check_password("the other one's own")


def test_a_sign_up_by_address_that_somebody_begins_is_dead_once_the_invited_one_accepts(
    browser, new_browser, refused
):
    attacker = new_browser()
    path = by_address(attacker, "ada@example.com", password="the attacker's own")
    code = mailed_code()
    begin(browser, ticket=ticket_for(), password=PASSWORD)
    assert User.objects.get().check_password(PASSWORD)
    assert refused(attempt(attacker, path, code)) == (404, "resource_not_found")
    assert attacker.client()["sign_up"] is None
    assert not SignUp.objects.filter(password__gt="", completed_at=None).exists()
    assert User.objects.get().check_password(PASSWORD)


@pytest.fixture
def proved(application):
    """A complete sign-up, as one of two parallel requests has read it."""
    address = {"email_address": "eve@example.com", "email_key": "eve@example.com"}
    SignUp.objects.create(**address, password="x", verified_at=LONG_AGO)
    return SignUp.objects.get()


def test_an_address_said_by_a_parallel_request_is_not_taken_for_proved(proved):
    say(SignUp.objects.get(), address=normalise_email("ada@example.com"))
    with pytest.raises(CodeRefused):
        complete(proved)
    assert not User.objects.exists()


def test_a_code_for_an_address_said_by_a_parallel_request_proves_no_other(proved):
    parallel = SignUp.objects.get()
    say(parallel, address=normalise_email("ada@example.com"))
    code = parallel.new_code()
    with pytest.raises(CodeRefused):
        finish(proved, code=code)
    assert not User.objects.exists()
