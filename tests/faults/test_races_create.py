"""Many invitations of one address at once, by programs and by operators."""

import pytest
from django.test import Client

from accounts.addresses import normalise_email
from invitations.models import Asked, Event, Invitation
from tests.factories import SecretKeyFactory, UserFactory
from tests.faults.conftest import ROUNDS
from tests.faults.race import tell

PROGRAMS = 12
FEWER = max(1, ROUNDS // 2)


@pytest.fixture
def programs(world):
    """Twelve programs with the same key."""
    bearer = {"Authorization": f"Bearer {SecretKeyFactory().raw}"}
    return [Client(headers=bearer, raise_request_exception=False) for _ in range(PROGRAMS)]


def create(program, **body):
    def post():
        return program.post("/v1/invitations", body, content_type="application/json")

    return post


def bulk(asked, *, by):
    return lambda: Invitation.objects.create_all(asked, by=by)


def test_of_twelve_creates_for_one_address_one_is_made(programs, gate, audit, request):
    for number in range(ROUNDS):
        address = f"ada{number}@example.com"
        answers = gate([create(program, email_address=address) for program in programs])
        made = [answer for answer in answers if answer.status_code == 200]
        refused = [answer for answer in answers if answer not in made]
        assert len(made) == 1, [answer.status_code for answer in answers]
        assert {answer.status_code for answer in refused} == {400}
        assert {answer.json()["errors"][0]["code"] for answer in refused} == {"duplicate_record"}
        assert Invitation.objects.get(email_key=address).pk == made[0].json()["id"]
    audit()
    tell(request, f"{ROUNDS} rounds of {PROGRAMS} creates, 1 made and 11 refused in each")


def test_an_address_that_was_invited_before_is_guarded_no_less(world, programs, gate, audit):
    for number in range(FEWER):
        address = f"ada{number}@example.com"
        create(programs[0], email_address=address)()
        Invitation.objects.get(email_key=address).revoke(by=None)
        answers = gate([create(program, email_address=address) for program in programs])
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * (PROGRAMS - 1)
    audit()


def test_bulk_calls_for_the_same_addresses_wait_for_each_other(world, gate, audit):
    operator = UserFactory(operator=True)
    for number in range(FEWER):
        ada, bob, eve = (
            Asked(normalise_email(f"{name}{number}@example.com")) for name in ("ada", "bob", "eve")
        )
        orders = [[ada, bob, eve], [eve, bob, ada], [bob, eve, ada], [ada, eve, bob]]
        results = gate([bulk(order, by=operator) for order in orders])
        names = sorted(type(result).__name__ for result in results)
        assert names == ["BulkRefused"] * 3 + ["list"]
    audit()


def test_with_ignore_existing_all_twelve_are_made(programs, gate, audit, request):
    for number in range(ROUNDS):
        address = f"ada{number}@example.com"
        said = {"email_address": address, "ignore_existing": True}
        answers = gate([create(program, **said) for program in programs])
        assert {answer.status_code for answer in answers} == {200}
        ids = {answer.json()["id"] for answer in answers}
        made = Invitation.objects.filter(email_key=address)
        assert ids == set(made.values_list("pk", flat=True))
        assert made.pending().count() == PROGRAMS
    audit()
    tell(request, f"{ROUNDS} rounds of {PROGRAMS} creates with ignore_existing, all made")


def test_of_two_operators_who_invite_one_address_the_later_sees_why(world, gate, audit, request):
    browsers = [Client(raise_request_exception=False) for _ in range(2)]
    for browser in browsers:
        browser.force_login(UserFactory(operator=True))
    for number in range(FEWER):
        said = {"email_address": f"ada{number}@example.com"}
        pages = gate(
            [
                lambda browser=browser, said=said: browser.post(
                    "/invitations/new", said, follow=True
                )
                for browser in browsers
            ]
        )
        invitation = Invitation.objects.get(email_key=said["email_address"])
        assert Event.objects.filter(subject=invitation.pk, kind="created").count() == 1
        assert sorted("is on its way" in page.text for page in pages) == [False, True]
        assert sorted("has an open invitation already" in page.text for page in pages) == [
            False,
            True,
        ]
    audit()
    tell(request, f"{FEWER} rounds of 2 operators, one invitation in each, the other sees why")
