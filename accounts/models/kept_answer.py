from datetime import timedelta

from django.db import models
from django.db.models import Q

from config.database import ByteField, DatabaseNow

_LIFE = timedelta(hours=24)
_PAST = Q(created_at__lte=DatabaseNow() - _LIFE)


class KeptAnswerManager(models.Manager["KeptAnswer"]):
    def find(self, digest: str) -> "KeptAnswer | None":
        return self.exclude(_PAST).filter(pk=digest).first()

    def keep(self, digest: str, *, request_digest: str, sealed_answer: str) -> None:
        """In the transaction of the change itself, which holds this digest alone."""
        self.filter(_PAST, pk=digest).delete()
        self.create(digest=digest, request_digest=request_digest, sealed_answer=sealed_answer)

    def forget_past(self) -> None:
        self.filter(_PAST).delete()


class KeptAnswer(models.Model):
    """What an Idempotency-Key was answered the first time; `config/idempotency.py` seals and opens it.

    The answer may hold a link, so it is sealed under a key that only the caller's secret key and header yield.
    """

    digest = ByteField(max_length=64, primary_key=True)  # of secret key, path and header value
    request_digest = ByteField(max_length=64)
    sealed_answer = models.TextField()
    created_at = models.DateTimeField(db_default=DatabaseNow(), db_index=True)

    objects = KeptAnswerManager()

    class Meta:
        db_table = "kept_answer"
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
