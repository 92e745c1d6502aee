"""Schemathesis tries the Frontend API's OpenAPI description, as tests/api/test_schemathesis.py does with the Backend
API's.

Each request comes from the one of four browsers that can send it: a new one, one that signs up, one that signs in, and
one that is signed in.
"""

import re
from contextlib import contextmanager

import pytest
import schemathesis
import werkzeug
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from schemathesis.config import SchemathesisConfig

from accounts.models import Application
from config.limits import LIMITS
from config.wsgi import application as ollio
from invitations.models import Ticket
from tests.factories import PASSWORD, InvitationFactory, UserFactory

EXAMPLES, WALKS, STEPS = 10, 30, 6
ORIGIN = {"Origin": "http://localhost:8000"}
FORM = "application/x-www-form-urlencoded"


def application(environ, start_response):
    """Ollio with a client address, because the list of sessions shows one."""
    return ollio({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)


_config = SchemathesisConfig.from_dict(
    {
        "seed": 3,
        "generation": {
            "max-examples": EXAMPLES,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,  # each browser has its cookie
        },
        "phases": {"stateful": {"generation": {"mode": "positive"}}},
        "checks": {
            # JSON Schema cannot express every rule: which codes are right, which passwords are weak.
            "positive_data_acceptance": {"enabled": False},
            "ignored_auth": {"enabled": False},  # a browser without a cookie may start
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/__clerk/v1/openapi.json", application, config=_config)
_bounded = bounds(
    deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
)


class Browsers:
    """The four browsers, and the ids that each one knows."""

    def __init__(self):
        UserFactory(email_address="ada@example.com")
        self.nobody = werkzeug.Client(application)
        ticket = Ticket.objects.mint(InvitationFactory(), channel="shared")
        self.signing_up, self.sign_up_id = self._begin("sign_ups", ticket=ticket)
        self.signing_in, self.sign_in_id = self._begin("sign_ins", identifier="ada@example.com")
        said = {"identifier": "ada@example.com", "password": PASSWORD}
        self.inside, _ = self._begin("sign_ins", **said)
        client = self.inside.get("/__clerk/v1/client").json["response"]
        self.session_id = client["last_active_session_id"]

    def of(self, case):
        for name, browser in (
            ("sign_up_id", self.signing_up),
            ("sign_in_id", self.signing_in),
            ("session_id", self.inside),
        ):
            if name in case.path_parameters:
                return browser
        return self.inside if case.operation.path.endswith("/me") else self.nobody

    def _begin(self, what, **said):
        browser = werkzeug.Client(application)
        answer = browser.post(f"/__clerk/v1/client/{what}", data=said, headers=ORIGIN)
        return browser, answer.json["response"]["id"]


@pytest.fixture
def browsers(db, settings):
    """Requests run in the test's own transaction."""
    settings.LIMITS = dict.fromkeys(LIMITS, 1_000_000)
    settings.ACCOUNT_RATE_LIMITS = False
    Application.objects.prepare()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Browsers()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def aim(case, browsers):
    """Replace each well-formed id by the id of a row that this browser owns."""
    for name, value in case.path_parameters.items():
        if re.fullmatch(r"[a-z]+_[0-9A-Za-z]{27}", str(value)):
            case.path_parameters[name] = getattr(browsers, name)
    case.headers.update(ORIGIN)


@schema.parametrize()
@_bounded
def test_every_answer_is_as_described(case, browsers):
    aim(case, browsers)
    with undone():
        case.call_and_validate(session=browsers.of(case))


def test_links_lead_where_they_say(browsers):
    class Walk(schema.as_state_machine()):
        def setup(self):
            self.undone = undone()
            self.undone.__enter__()
            self.browser = werkzeug.Client(application)

        def get_call_kwargs(self, case):
            case.headers.update(ORIGIN)
            return {"session": self.browser}

        def teardown(self):
            self.undone.__exit__(None, None, None)

    Walk.run(settings=bounds(_bounded, max_examples=WALKS, stateful_step_count=STEPS))
