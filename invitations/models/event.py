from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.database import ByteField, DatabaseNow

# A visit changes no state, so the API does not show it as an invitation's last event.
VISITS = ["opened", "scanned"]
# What the audit log shows too: what somebody did to keys, settings and people. There are few of them.
AUDITED = {
    "key_issued": "control",
    "key_revoked": "control",
    "role_changed": "control",
    "settings_changed": "control",
    "signing_key_made": "control",
    "second_factor_reset": "factors",
    "banned": "people",
    "unbanned": "people",
    "locked": "people",
    "unlocked": "people",
    "erased": "people",
    "signed_out_everywhere": "people",
}


class IsAudited(models.Lookup):
    """Written out, since a database uses a partial index only where it reads its very condition."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        kind, parameters = self.process_lhs(compiler, connection)
        kinds = ", ".join(f"'{name}'" for name in sorted(AUDITED))
        return f"{kind} IN ({kinds})", parameters


class Event(models.Model):
    """Something that happened, kept for good. The subject is text: the event outlives what it tells of."""

    subject = ByteField(max_length=32)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField(db_default=DatabaseNow())
    actor_type = models.CharField(max_length=16, blank=True)
    actor_id = ByteField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=130, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        default_permissions = ()
        indexes = [
            models.Index(fields=["subject", "id"], name="event_of_subject"),
            models.Index(
                fields=["kind", "id"],
                name="event_audited",
                condition=models.Q(kind__in=sorted(AUDITED)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
