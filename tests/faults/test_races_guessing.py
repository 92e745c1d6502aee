"""An attacker guesses a mailed code in parallel on four server processes. At most five guesses are compared, whatever
the code is for, and whichever copies of cookies and sessions the guesses use.
"""

import math
from functools import partial

import pytest

from accounts.models import AddressChange, SignIn, SignUp, User
from accounts.models.mailed_code import CODE_TRIES
from accounts.passwords import Argon2Hasher
from tests.accounts.visiting import code_of, mails
from tests.factories import PASSWORD, UserFactory
from tests.faults.conftest import ROUNDS
from tests.faults.race import tell
from tests.faults.servers import PROCESSES, Browser, server_processes

GUESSES = 24
HTTP_ROUNDS = max(2, ROUNDS // 10)
ADA = "ada@example.com"


@pytest.fixture
def ports(world):
    ada = UserFactory(email_address=ADA)
    hashed = Argon2Hasher().encode(PASSWORD, "saltsalt")  # an algorithm that the servers know
    User.objects.filter(pk=ada.pk).update(password=hashed)
    with server_processes(world) as ports:
        yield ports


def by_page(ask, browser):
    """Start on a hosted page; return the call that posts a code."""
    browser.look(ask).post(ask, email=ADA)
    path = browser.destination
    browser.look(path)
    return partial(Browser.post, path=path)


def reset_page(browser, _number):
    return by_page("/password/reset", browser)


def sign_in_page(browser, _number):
    return by_page("/sign-in/with-code", browser)


def sign_up_page(browser, number):
    said = {"email_address": f"eve{number}@example.com", "password": PASSWORD}
    browser.look("/sign-up").post("/sign-up", **said)
    browser.look("/sign-up/code")
    return partial(Browser.post, path="/sign-up/code")


def address_page(browser, number):
    browser.look("/sign-in").post("/sign-in", login=ADA, password=PASSWORD)
    browser.look("/account/email").post("/account/email", new_address=f"ada{number}@new.example")
    if "reauthenticate" in browser.destination:
        path = browser.destination
        browser.look(path).post(path, password=PASSWORD)
    browser.look("/account/email/code")
    return partial(Browser.post, path="/account/email/code")


def sign_in_call(browser, _number, strategy="email_code"):
    begun = browser.say("client/sign_ins", identifier=ADA, strategy=strategy)
    path = f"client/sign_ins/{begun['id']}/attempt_first_factor"
    return partial(Browser.say, path=path, strategy=strategy)


def reset_call(browser, number):
    return sign_in_call(browser, number, "reset_password_email_code")


def sign_up_call(browser, number):
    said = {"email_address": f"eve{number}@example.com", "password": PASSWORD}
    begun = browser.say("client/sign_ups", **said)
    path = f"client/sign_ups/{begun['id']}"
    browser.say(f"{path}/prepare_verification", strategy="email_code")
    return partial(Browser.say, path=f"{path}/attempt_verification", strategy="email_code")


DOORS = {
    reset_page: SignIn,
    sign_in_page: SignIn,
    sign_up_page: SignUp,
    address_page: AddressChange,
    sign_in_call: SignIn,
    reset_call: SignIn,
    sign_up_call: SignUp,
}


OF_A_DOOR = math.ceil(ROUNDS / len(DOORS))  # rounds for each way to enter a code
PROOFS = {SignIn: "proved_at", SignUp: "verified_at", AddressChange: "completed_at"}


def others_than(code):
    return [f"{(int(code) + 1 + number) % 10**6:06d}" for number in range(GUESSES)]


def forks(browser, ports, gate):
    """Return copies of the browser. Half of them, all at once, have got their own session from the same one."""
    copies = [browser.at(ports[number % PROCESSES]) for number in range(GUESSES)]
    split = [partial(each.say, "client/sign_ins", identifier=ADA) for each in copies[::2]]
    gate(split)
    return copies


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_of_many_guesses_at_once_five_are_judged(ports, gate, audit, request, door):
    for number in range(OF_A_DOOR):
        browser = Browser(ports[0])
        guess = door(browser, number)
        begun, code = DOORS[door].objects.latest("created_at"), code_of(mails()[-1])
        copies = forks(browser, ports, gate)
        gate(
            [
                partial(guess, each, code=other)
                for each, other in zip(copies, others_than(code), strict=True)
            ]
        )
        told_wrong = [each for each in copies if "This is not the code." in each.text]
        begun.refresh_from_db()
        assert len(told_wrong) <= CODE_TRIES - 1  # the fifth response says that it was the last try
        assert begun.tries <= CODE_TRIES
        late = browser.at(ports[1])
        guess(late, code=code)
        begun.refresh_from_db()
        assert begun.completed_at is None
        assert not getattr(begun, PROOFS[type(begun)], None)
    audit()
    tell(request, f"{door.__name__}: {OF_A_DOOR} rounds of {GUESSES} guesses, five judged in each")


def test_of_right_codes_at_once_one_signs_in(ports, gate, audit):
    for number in range(HTTP_ROUNDS):
        browser = Browser(ports[0])
        guess = sign_in_page(browser, number)
        code = code_of(mails()[-1])
        copies = [browser.at(ports[each % PROCESSES]) for each in range(5)]
        gate([partial(guess, each, code=code) for each in copies])
        assert [each.destination for each in copies].count("/") == 1
        signed_in = [each for each in copies if each.get("/account").status == 200]
        assert len(signed_in) == 1
    audit()


def test_of_new_passwords_at_once_one_is_chosen(ports, gate, audit):
    ada = User.objects.get(email_address=ADA)
    for number in range(HTTP_ROUNDS):
        browser = Browser(ports[0])
        reset_page(browser, number)(browser, code=code_of(mails()[-1]))
        assert browser.destination == "/password/reset/new"
        browser.look(browser.destination)
        copies = [browser.at(ports[each % PROCESSES]) for each in range(6)]
        words = [f"seven wet penguins {number} {each}" for each in range(6)]
        gate(
            [
                partial(c.post, "/password/reset/new", password1=w)
                for c, w in zip(copies, words, strict=True)
            ]
        )
        [winner] = [each for each in range(6) if copies[each].destination == "/"]
        ada.refresh_from_db()
        assert Argon2Hasher().verify(words[winner], ada.password)
        signed_in = [each for each in range(6) if copies[each].get("/account").status == 200]
        assert signed_in == [winner]
    audit()
