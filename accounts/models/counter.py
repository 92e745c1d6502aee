from django.db import models

from config.database import ByteField


class Counter(models.Model):
    """A total that `config/counters.py` keeps, but for the deltas that are not folded in yet."""

    name = ByteField(max_length=32, primary_key=True)
    total = models.BigIntegerField(default=0)

    class Meta:
        db_table = "counter"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.total}"


class CounterDelta(models.Model):
    """What one transaction added or took away: appended, so that no row is hot."""

    name = ByteField(max_length=32)
    delta = models.IntegerField()

    class Meta:
        db_table = "counter_delta"
        default_permissions = ()
        indexes = [models.Index(fields=["name"], name="counter_delta_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.delta:+}"
