"""The three objects that applications keep with a user."""

from collections.abc import Callable

from django.db import models, transaction

from accounts.metadata import InvalidMetadata, clean_metadata, merge_metadata
from accounts.models.upkeep import hold, write
from config import audit
from config.audit import Actor
from config.rights import Right


class HeldMetadata(models.Model):
    """A part of User. The verbs take any of the three by name and leave the others; who manages users may
    call them for operators too, since no right depends on metadata. Both raise InvalidMetadata, with
    the object's name in `field`, where the result would be too much.
    """

    public_metadata = models.JSONField(default=dict, blank=True)
    private_metadata = models.JSONField(default=dict, blank=True)
    unsafe_metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def merge_metadata(self, *, by: Actor | None, **patches: dict) -> None:
        """Lay each patch over what is there, key by key; null deletes."""
        self._store(by=by, given=patches, combine=merge_metadata)

    def replace_metadata(self, *, by: Actor | None, **objects: dict) -> None:
        self._store(by=by, given=objects, combine=lambda _former, new: new)

    def _store(
        self, *, by: Actor | None, given: dict[str, dict], combine: Callable[[dict, dict], dict]
    ) -> None:
        unknown = given.keys() - {"public_metadata", "private_metadata", "unsafe_metadata"}
        if unknown:
            raise TypeError(f"there is no {', '.join(sorted(unknown))}")
        with transaction.atomic():
            row = hold(self, by=by, right=Right.MANAGE_USERS)
            results = {name: combine(getattr(row, name), value) for name, value in given.items()}
            if results:
                write(self, **{name: _judged(name, result) for name, result in results.items()})
                audit.record("metadata_changed", subject=self.pk, by=by, fields=sorted(results))
            self.refresh_from_db()


def _judged(name: str, result: dict) -> dict:
    try:
        return clean_metadata(result)
    except InvalidMetadata as fault:
        fault.field = name
        raise
