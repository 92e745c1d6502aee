from django.db import models

from config.database import ByteField


class CacheEntry(models.Model):
    """What `config/cache.py` keeps: text, until a second of the database's clock."""

    key = ByteField(max_length=64, primary_key=True)
    value = models.TextField()
    expires_at = models.BigIntegerField()

    class Meta:
        db_table = "cache_entry"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
