from django.db import models
from django.utils.translation import gettext_lazy as _

from config.database import ByteField, DatabaseNow

# A visit changes no state, so the API does not show it as an invitation's last event (decisions 8).
VISITS = ["opened", "scanned"]


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
        indexes = [models.Index(fields=["subject", "id"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
