"""Idempotency-Key: a repeated POST with the same key runs once; the repeat gets the stored response.

The response is stored in the transaction of the change itself, so both are saved or neither is. It may contain an
invitation link, so it is encrypted. The encryption key is derived from the caller's secret key, path and header.
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
    """One request's use of an Idempotency-Key. The scope of a key is the secret key, the path and the header value."""

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
        """Return the stored response. Raises APIRefusal if this request differs from the first one."""
        if not hmac.compare_digest(kept.request_digest, self._request_digest()):
            long_message = f"This {_HEADER} was used with another body or query. Choose a new one."
            raise APIRefusal(422, error("idempotency_key_reused", "key was reused", long_message))
        status, text = json.loads(self._box.decrypt(kept.sealed_answer))
        headers = {"Idempotency-Replayed": "true"}
        return HttpResponse(text, status=status, content_type="application/json", headers=headers)

    def hold(self) -> None:
        """Lock this claim until the transaction ends. Raises APIRefusal if another request holds the lock.

        SQLite needs no lock: this transaction has been the only writer since its start.
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
        """Return an HMAC of the parsed body and the query as sent. A plain hash could reveal a password in the body."""
        asked = [self._request.META["ollio.body"], self._request.META.get("QUERY_STRING", "")]
        canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"))
        return hmac.new(self._mac_key, canonical.encode(), "sha256").hexdigest()


def claim(request: HttpRequest) -> Claim | None:
    """Return the request's claim, or None if it is no POST with a valid Idempotency-Key."""
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
    """Decorate an operation: if the request has a claim, run it and store its response in one transaction.

    An error response is an exception and is not stored. A request that had to wait for an earlier one with the same
    claim returns the stored response of that one.
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
