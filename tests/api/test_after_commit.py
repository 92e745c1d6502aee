"""Nothing that can fail runs between the commit and the response. Otherwise a client would repeat a call that was
carried out. Create, bulk, change, resend and revoke of invitations are tested in their own files.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import InvitationFactory, UserFactory

NEW = {"email_address": ["ben@example.com"], "skip_password_requirement": True}
CALLS = [
    ("POST", "/v1/users", {**NEW, "banned": True, "locked": True}),
    ("PATCH", "/v1/users/{user}", {"first_name": "Ben", "public_metadata": {"a": 1}}),
    ("DELETE", "/v1/users/{user}", {}),
    ("PATCH", "/v1/users/{user}/metadata", {"public_metadata": {"a": 1}}),
    ("PUT", "/v1/users/{user}/metadata", {"public_metadata": {"a": 1}}),
    *(("POST", f"/v1/users/{{user}}/{verb}", {}) for verb in ("ban", "unban", "lock", "unlock")),
    *(("POST", f"/v1/users/{verb}", {"user_ids": ["{user}"]}) for verb in ("ban", "unban")),
    ("POST", "/v1/invitations/{invitation}/link", {}),
    ("DELETE", "/v1/invitations/{invitation}", {}),
    ("PATCH", "/v1/instance", {"support_email": "help@example.com"}),
    ("PATCH", "/v1/instance/restrictions", {"sign_up_mode": "restricted"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
@pytest.mark.parametrize("key", ["", "once"])
def test_the_last_statement_is_the_commit(api, method, path, body, key):
    user, invitation = UserFactory().pk, InvitationFactory().pk
    if "user_ids" in body:
        body = {"user_ids": [user]}
    api.get("/v1/jwks")  # records the use of the key
    with CaptureQueriesContext(connection) as queries:
        answer = api.generic(
            method,
            path.format(user=user, invitation=invitation),
            api._encode_json(body, "application/json"),
            content_type="application/json",
            headers={"Idempotency-Key": key} if key else {},
        )
    assert answer.status_code in {200, 204}
    assert queries[-1]["sql"].startswith("RELEASE SAVEPOINT")
