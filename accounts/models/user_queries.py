"""How users are looked for."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.db import connections, models

from accounts.models.second_factor import SECOND_FACTORS
from config.database import DatabaseNow

if TYPE_CHECKING:
    from accounts.models.user import User  # noqa: F401 the queryset names it in quotes

# Both names as one text, so that "ada love" finds Ada Lovelace. Literal, without parameters, for an index on
# the same expression to serve it.
_FULL_NAME = models.Func(
    models.F("first_name"),
    models.F("last_name"),
    template="(%(expressions)s)",
    arg_joiner=" || ' ' || ",
    output_field=models.CharField(),
)


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, email_key: str | models.Expression) -> "UserQuerySet":
        """Who has the address as one of theirs, first or further. Each user's first one is a row there too."""
        return self.holding_any([email_key])

    def holding_any(
        self, email_keys: Iterable[str | models.Expression] | models.Expression
    ) -> "UserQuerySet":
        return self.filter(emailaddress__email__in=email_keys, emailaddress__verified=True)

    def taken(self, **identifiers: Any) -> list[str]:
        """Which of `email_keys`, `username` and `external_id` belong to these users."""
        owners: dict[str, UserQuerySet] = {
            "email_keys": self.holding_any(identifiers.get("email_keys", [])),
            "username": self.filter(username=identifiers.get("username")),
            "external_id": self.filter(external_id=identifiers.get("external_id")),
        }
        given = [name for name, value in identifiers.items() if value]
        return [name for name in given if owners[name].exists()]

    def unlocked(self) -> "UserQuerySet":
        """Whose lock, if there was one, is over."""
        return self.filter(models.Q(locked_at=None) | models.Q(locked_until__lte=DatabaseNow()))

    def timed(self) -> "UserQuerySet":
        """With the moment of reading, by which each row knows whether it is locked."""
        return self.annotate(read_at=DatabaseNow())

    def with_protection(self) -> "UserQuerySet":
        """With `is_protected`: whether they have a second factor."""
        theirs = SECOND_FACTORS.filter(user=models.OuterRef("pk"))
        return self.annotate(is_protected=models.Exists(theirs))

    def matching(self, text: str) -> "UserQuerySet":
        """Whose id, name, username or address holds the text: any of the looks below, or a part of the id.

        In either case of letters; no character is special. Each part asks one column or expression,
        which PostgreSQL serves from a trigram index of its own: on UPPER(id::text),
        UPPER((first_name || ' ' || last_name)::text), UPPER(username::text) of accounts_user and
        email::text of account_emailaddress. Parts are sets of ids, as an OR across tables would use no index.
        """
        everybody = self.model.objects.order_by()
        found = (
            everybody.filter(id__icontains=text).values("pk"),
            everybody.named(text).values("pk"),
            everybody.called(text).values("pk"),
            _holders(text),
        )
        return self.filter(pk__in=found[0].union(*found[1:], all=True))

    def named(self, text: str) -> "UserQuerySet":
        users = self.alias(full_name=_FULL_NAME)
        if connections[self.db].vendor == "sqlite" and not text.isascii():
            # SQLite's LIKE knows the two cases of ASCII letters only.
            return users.filter(full_name__iregex=re.escape(text))
        return users.filter(full_name__icontains=text)

    def called(self, text: str) -> "UserQuerySet":
        return self.filter(username__icontains=text)

    def addressed(self, text: str) -> "UserQuerySet":
        """Any of whose addresses, which are kept in lower case, holds the text."""
        return self.filter(pk__in=_holders(text))


def _holders(text: str) -> models.QuerySet:
    return EmailAddress.objects.filter(email__contains=text.lower(), verified=True).values("user")
