"""Who may sign up over the Frontend API. The walk finds every operation by itself, and knows which ones can
create a user.
"""

import re

import pytest

from accounts.models import Application, User
from config.frontend_api import frontend
from config.limits import LIMITS
from invitations.models import Invitation
from tests.factories import PASSWORD
from tests.frontend_api.signing_up import attempt, begun, by_address, prepare, set_mode, ticket_for

pytestmark = pytest.mark.django_db

TESTER = "eve+clerk_test@example.com"  # an address with a fixed code
CODE = "424242"
MAKERS = {"create_sign_up", "update_sign_up", "attempt_sign_up_verification"}
# A new operation must be added to MAKERS or to OTHERS, or the walk fails.
OTHERS = {
    *["get_environment", "update_environment", "get_client", "delete_client", "shake_hands"],
    *["touch_session", "create_session_token", "end_session", "remove_session", "delete_sessions"],
    *["get_me", "prepare_sign_up_verification", "create_sign_in", "prepare_first_factor"],
    *["attempt_first_factor", "attempt_second_factor", "reset_password"],
}
EVERYTHING = {
    "email_address": TESTER,
    "identifier": TESTER,
    "password": PASSWORD,
    "code": CODE,
    "first_name": "Eve",
}
STRATEGIES = ["email_code", "password", ""]


def operations():
    """Yield name, method and path of each operation, as the router has them."""
    for prefix, router in frontend._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield operation.view_func.__name__, method, f"{prefix}{path}".lstrip("/")


OPERATIONS = {name: (method, path) for name, method, path in operations()}


@pytest.fixture(autouse=True)
def patient(settings, application):
    settings.LIMITS = dict.fromkeys(LIMITS, 10**6)
    Application.objects.current().change(by=None, test_mode=True)


def nothing_begun(browser):
    return "sua_x"


def lacks_its_code(browser):
    return by_address(browser, TESTER)


def lacks_its_password(browser):
    path = begun(browser, email_address=TESTER)
    prepare(browser, path)
    attempt(browser, path, CODE)
    return path


def invited_and_lacks_its_password(browser):
    return begun(browser, ticket=ticket_for(TESTER))


def invited_by_a_shared_link(browser):
    path = begun(browser, ticket=ticket_for(TESTER, channel="shared"), password=PASSWORD)
    prepare(browser, path)
    return path


SITUATIONS = [
    nothing_begun,
    lacks_its_code,
    lacks_its_password,
    invited_and_lacks_its_password,
    invited_by_a_shared_link,
]


def call(browser, name, *, begun, **said):
    method, path = OPERATIONS[name]
    filled = re.sub(r"\{\w+\}", begun.rpartition("/")[2], path)
    return [
        browser.get(filled, **EVERYTHING)
        if method == "GET"
        else browser.post(filled, method=method, **EVERYTHING, **said, strategy=strategy)
        for strategy in STRATEGIES
    ]


def test_the_walk_knows_every_operation():
    assert len(OPERATIONS) == len(list(operations()))
    assert set(OPERATIONS) == MAKERS | OTHERS
    assert not MAKERS & OTHERS


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_makes_a_user_without_a_grant(new_browser, admin, name, situation):
    browser = new_browser()
    path = situation(browser)
    set_mode("restricted")
    for invitation in Invitation.objects.all():
        invitation.revoke(by=admin.user)
    before = set(User.objects.values_list("pk", flat=True))
    answers = call(browser, name, begun=path)
    assert max(answer.status_code for answer in answers) < 500
    assert set(User.objects.values_list("pk", flat=True)) == before


def test_the_walk_finds_those_that_make_users(new_browser):
    """In public mode, with all data given, exactly these operations create a user. So the walk would find a new
    one too.
    """
    found = set()
    for name in OPERATIONS:
        for situation in SITUATIONS:
            browser = new_browser()
            call(browser, name, begun=situation(browser))
            if User.objects.exists():
                found.add(name)
            User.objects.all().delete()
            Invitation.objects.all().delete()
    assert found == MAKERS - {"create_sign_up"}  # it creates one only with a ticket


def test_the_first_operation_makes_a_user_with_a_ticket_only(browser):
    call(browser, "create_sign_up", begun="", ticket=ticket_for(TESTER))
    assert User.objects.exists()
