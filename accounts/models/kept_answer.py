from django.db import models

from config.database import ByteField, DatabaseNow


class KeptAnswer(models.Model):
    """What an Idempotency-Key was answered the first time; `config/idempotency.py` reads and writes it.

    The answer may hold a link, so it is sealed under a key that only the caller's secret key and header yield.
    """

    digest = ByteField(max_length=64, primary_key=True)  # of secret key, path and header value
    request_digest = ByteField(max_length=64)
    sealed_answer = models.TextField()
    created_at = models.DateTimeField(db_default=DatabaseNow(), db_index=True)

    class Meta:
        db_table = "kept_answer"
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
