from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import StrIndex, Substr

from accounts.passwords import BEGINNINGS, dummy

_MOST = 50  # kinds; there are as many as admins import


class PasswordKindManager(models.Manager["PasswordKind"]):
    def tally(self) -> None:
        """Count the stored hashes by kind. All users are read: the worker does it now and then. Nothing depends on
        how old the counts are, but that they tell of users who were imported since.
        """
        counts = dict(_stored()[:_MOST])
        with transaction.atomic():
            self.exclude(pk__in=counts).delete()
            self.bulk_create(
                [PasswordKind(kind=kind, count=counts[kind]) for kind in sorted(counts)],
                update_conflicts=True,
                unique_fields=["kind"],
                update_fields=["count"],
            )

    def dummy_for(self, address: str) -> str:
        """What a password is checked against for an address that nobody has, or nobody with a password."""
        return dummy(address, counts=dict(self.values_list("kind", "count")))


class PasswordKind(models.Model):
    """How many stored hashes are of one hasher and cost: "bcrypt$$2b$12$"."""

    kind = models.CharField(max_length=128, primary_key=True)
    count = models.PositiveIntegerField()

    objects = PasswordKindManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"


def _stored() -> models.QuerySet:
    """(kind, count), the most frequent first; the kind ends with the first `$` behind the hasher's beginning."""
    known = Q()
    cases = []
    for beginning in BEGINNINGS:
        known |= Q(password__startswith=beginning)
        rest = Substr("password", len(beginning) + 1)
        kind = Substr("password", 1, Value(len(beginning)) + StrIndex(rest, Value("$")))
        cases.append(When(password__startswith=beginning, then=kind))
    users = get_user_model().objects.filter(known).annotate(kind=Case(*cases)).order_by()
    return users.values_list("kind").annotate(users=Count("*")).order_by("-users", F("kind"))
