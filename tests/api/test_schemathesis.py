"""Schemathesis makes good and bad requests from the served OpenAPI description and checks every response against it.
The seed is fixed and each request is rolled back, so every run is the same.
"""

import re
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from schemathesis.config import SchemathesisConfig

from accounts.models import SecretKey
from config.crypto import digest
from config.limits import LIMITS
from config.wsgi import application
from tests.factories import InvitationFactory, UserFactory

KEY, INVITATION, USER = f"sk_test_{'0' * 43}", f"inv_{'0' * 27}", f"user_{'0' * 27}"
EXAMPLES, WALKS, STEPS = 10, 30, 6

_config = SchemathesisConfig.from_dict(
    {
        "seed": 3,
        "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
        "phases": {"stateful": {"generation": {"mode": "positive"}}},
        "checks": {
            # JSON Schema cannot express every rule: which hosts exist, that 30.0 is not an integer, which ids exist.
            "positive_data_acceptance": {"enabled": False},
            "ignored_auth": {
                "enabled": False
            },  # it triples the requests; test_doors.py checks this
        },
        "operations": [
            {  # a dry run answers 200 and reports each row's errors
                "include-operation-id": "create_invitations",
                "checks": {"negative_data_rejection": {"enabled": False}},
            }
        ],
    }
)
schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", application, config=_config)
_bounded = bounds(
    deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
)


@schema.auth(refresh_interval=None)
class WithKey:
    def get(self, _case, _context):
        return KEY

    def set(self, case, key, _context):
        case.headers["Authorization"] = f"Bearer {key}"


@pytest.fixture
def installation(db, settings):
    """An installation with a key, an invitation and a user. Requests run in the test's own transaction."""
    settings.LIMITS = dict.fromkeys(LIMITS, 1_000_000)
    SecretKey.objects.create(name="Back office", hash=digest(KEY), prefix=KEY[:8], last_four="0000")
    InvitationFactory(id=INVITATION)
    UserFactory(id=USER)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def aim(case):
    """Replace each well-formed id by the id of an existing row."""
    known = {"invitation_id": INVITATION, "user_id": USER}
    for name, value in case.path_parameters.items():
        if re.fullmatch(r"[a-z]+_[0-9A-Za-z]{27}", str(value)):
            case.path_parameters[name] = known[name]


@schema.parametrize()
@_bounded
def test_every_answer_is_as_described(case, installation):
    aim(case)
    with undone():
        case.call_and_validate()


@pytest.mark.usefixtures("installation")
def test_links_lead_where_they_say():
    class Walk(schema.as_state_machine()):
        def setup(self):
            self.undone = undone()
            self.undone.__enter__()

        def step(self, made):
            if made.transition is None:  # the step does not follow a link
                aim(made.case)
            return super().step(made)

        def teardown(self):
            self.undone.__exit__(None, None, None)

    Walk.run(settings=bounds(_bounded, max_examples=WALKS, stateful_step_count=STEPS))
