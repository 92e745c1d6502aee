from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.database import ByteField, DatabaseNow

# Visits of the link change no state, so the API does not show them as an invitation's last event.
VISITS = ["opened", "scanned"]
# The event kinds that the audit log shows, each with its category: changes to keys, settings and users.
# Such events are rare.
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
    """The condition of the partial index `event_audited`, with the kinds written into the SQL.

    A database uses a partial index only if the query contains the condition of the index literally.
    """

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        kind, parameters = self.process_lhs(compiler, connection)
        kinds = ", ".join(f"'{name}'" for name in sorted(AUDITED))
        return f"{kind} IN ({kinds})", parameters


class Event(models.Model):
    """Something that happened. Events are never deleted.

    `subject` is an id stored as text, not a foreign key: the event outlives the row that it describes.
    """

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
