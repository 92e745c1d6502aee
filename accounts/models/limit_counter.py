from django.db import models


class LimitCounter(models.Model):
    """What `config/limits.py` counts: how often something happened in the window that is open now."""

    key = models.CharField(max_length=64, primary_key=True)
    window_ends = models.BigIntegerField()
    count = models.IntegerField()

    class Meta:
        db_table = "limit_counter"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
