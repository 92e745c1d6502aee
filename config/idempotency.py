"""A POST that is repeated with its Idempotency-Key is done once and answered twice.

The answer is kept in the transaction of the change itself: either both are there or neither is. It may hold
a link, so it is sealed under a key that only the caller's secret key and header yield together.
"""

import base64
import functools
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from accounts.models import KeptAnswer
from config.api_errors import APIRefusal, error
from config.api_input import bearer_token

_HEADER = "Idempotency-Key"
_VISIBLE = re.compile("[!-~]{1,255}")


class Claim:
    """What the header of one request stands for. Its scope is secret key, path and value."""

    def __init__(self, request: HttpRequest, *, token: str) -> None:
        self._request = request
        scope = json.dumps([token, request.path_info, request.headers[_HEADER]]).encode()
        self._digest = hashlib.sha256(scope).hexdigest()
        secrets = HKDF(algorithm=SHA256(), length=64, salt=None, info=b"ollio.kept_answer")
        derived = secrets.derive(scope)
        self._box = Fernet(base64.urlsafe_b64encode(derived[:32]))
        self._mac_key = derived[32:]

    def find(self) -> KeptAnswer | None:
        return KeptAnswer.objects.find(self._digest)

    def replay(self, kept: KeptAnswer) -> HttpResponse:
        """The first answer again. Raises APIRefusal where the request is another one."""
        if not hmac.compare_digest(kept.request_digest, self._request_digest()):
            long_message = f"This {_HEADER} was used with another body or query. Choose a new one."
            raise APIRefusal(422, error("idempotency_key_reused", "key was reused", long_message))
        status, text = json.loads(self._box.decrypt(kept.sealed_answer))
        headers = {"Idempotency-Replayed": "true"}
        return HttpResponse(text, status=status, content_type="application/json", headers=headers)

    def hold(self) -> None:
        """Until the transaction ends nobody else may work on this value. Raises APIRefusal.

        On SQLite the transaction has been the only one that writes since its first moment.
        """
        if connection.vendor != "postgresql":
            return
        number = int.from_bytes(bytes.fromhex(self._digest[:16]), signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s::bigint)", [number])
            is_held = cursor.fetchone()[0]
        if not is_held:
            long_message = f"The first request with this {_HEADER} is still running."
            running = error("idempotency_key_in_progress", "key is in use", long_message)
            raise APIRefusal(409, running, headers={"Retry-After": "1"})

    def keep(self, response: HttpResponse) -> None:
        answer = json.dumps([response.status_code, response.content.decode()])
        KeptAnswer.objects.keep(
            self._digest,
            request_digest=self._request_digest(),
            sealed_answer=self._box.encrypt(answer.encode()).decode(),
        )

    def _request_digest(self) -> str:
        """Of the body as parsed and the query as sent. It has a key, since a body may hold a password."""
        asked = [self._request.META["ollio.body"], self._request.META.get("QUERY_STRING", "")]
        canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
        return hmac.new(self._mac_key, canonical.encode(), "sha256").hexdigest()


def claim(request: HttpRequest) -> Claim | None:
    """What the request claims, if it is a POST with a good header."""
    value = request.headers.get(_HEADER)
    if request.method != "POST" or value is None or not _VISIBLE.fullmatch(value):
        return None
    return Claim(request, token=bearer_token(request))


def check_header(request: HttpRequest) -> None:
    value = request.headers.get(_HEADER, "-")
    if request.method == "POST" and not _VISIBLE.fullmatch(value):
        long_message = f"{_HEADER}: Send 1 to 255 visible ASCII characters."
        code, message = "form_param_value_invalid", "is invalid"
        raise APIRefusal(422, error(code, message, long_message, param_name=_HEADER))


def once(operation: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around every operation: where the request makes a claim, do it and keep its answer, both or neither.

    A refusal is an exception and keeps nothing. Who had to wait finds the answer of who went first.
    """

    @functools.wraps(operation)
    def run(request: HttpRequest, **values: Any) -> HttpResponse:
        claimed = claim(request)
        if claimed is None:
            return operation(request, **values)
        with transaction.atomic():
            claimed.hold()
            if kept := claimed.find():
                return claimed.replay(kept)
            response = operation(request, **values)
            claimed.keep(response)
            return response

    return run
