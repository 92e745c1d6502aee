"""The addresses of a user: one is the first, all are proved. allauth keeps the rows, we what proved them."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models.email_identity import EmailIdentity, Proof
from accounts.models.upkeep import hold, write
from config import audit
from config.database import ByteField


class NotTheirAddress(Exception):
    """Only an address that the user has can become their first one."""


class AddressBook(models.Model):
    """A part of User."""

    email_address = ByteField(_("e-mail address"), max_length=254)
    # The key follows the address, also where the address is changed by allauth.
    email_key = models.GeneratedField(
        expression=models.F("email_address"),  # type: ignore[arg-type]
        output_field=ByteField(max_length=254),
        db_persist=True,
        unique=True,
    )

    class Meta:
        abstract = True

    def has_address(self, email_key: str) -> bool:
        """First or further."""
        return self._addresses.filter(email=email_key, verified=True).exists()

    def move_to(self, email_address: str) -> None:
        """Take an address, which a code has just proved, in the place of the first one, which is free then.

        The user does it themselves. Raises IntegrityError where the address is somebody's by now.
        """
        with transaction.atomic():
            user = hold(self, by=None)
            # The user first and then the address, as where one is made: two who claim it must not wait for each other.
            write(self, email_address=email_address)
            self._addresses.filter(primary=True).delete()
            EmailIdentity.objects.keep(
                user=user, email_address=email_address, proof=Proof.CODE, is_primary=True
            )
            audit.record("address_changed", subject=self.pk, by=user)
            self.refresh_from_db()

    def put_first(self, identity_id: str) -> str:
        """Make another of their addresses the first, in the caller's transaction and under its lock.

        Raises NotTheirAddress.
        """
        chosen = self._addresses.filter(identity=identity_id, verified=True).first()
        if chosen is None:
            raise NotTheirAddress(identity_id)
        self._addresses.update(primary=False)
        self._addresses.filter(pk=chosen.pk).update(primary=True)
        return chosen.email

    @property
    def _addresses(self) -> models.QuerySet:
        return self.emailaddress_set.all()  # type: ignore[attr-defined]
