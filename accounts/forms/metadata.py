import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.metadata import InvalidJSON, InvalidMetadata, clean_metadata, parse_json
from accounts.models import User

_KINDS = ["public_metadata", "private_metadata", "unsafe_metadata"]


class MetadataField(forms.CharField):
    """One JSON object, cleaned to a dict; nothing typed is the empty one.

    It is no JSONField, which would let `null`, lists, numbers and duplicate keys through.
    """

    def __init__(self, **options: Any) -> None:
        attributes = {"rows": 4, "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(
            **{"required": False, "widget": forms.Textarea(attrs=attributes), **options}
        )

    def clean(self, value: Any) -> dict:
        text = super().clean(value)
        try:
            return clean_metadata(parse_json(text)) if text else {}
        except (InvalidJSON, InvalidMetadata) as error:
            raise ValidationError(str(error)) from error


class MetadataForm(forms.Form):
    """All of a user's metadata, to be replaced as typed, but never unseen.

    The page sends back the `fingerprint` of what it showed. Where that is not what is stored any more, the
    form says so and shows it; only the next try replaces it.
    """

    public_metadata = MetadataField(
        label=_("Public metadata"), help_text=_("The application's pages can read it.")
    )
    private_metadata = MetadataField(
        label=_("Private metadata"),
        help_text=_("Only operators and servers with a key can read it."),
    )
    unsafe_metadata = MetadataField(
        label=_("Unsafe metadata"), help_text=_("The user can change it, so trust nothing in it.")
    )

    def __init__(self, data: QueryDict | None = None, *, person: User) -> None:
        """`person` is read anew, and locked, for a form that is to be saved."""
        self.stored = {kind: getattr(person, kind) for kind in _KINDS}
        texts = {kind: as_text(value) for kind, value in self.stored.items()}
        super().__init__(data, initial=texts)
        self.fields["public_metadata"].widget.attrs["autofocus"] = True

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.stored, sort_keys=True).encode()).hexdigest()

    @property
    def is_outdated(self) -> bool:
        return self.is_bound and self.data.get("shown") != self.fingerprint

    def rows(self) -> list[tuple[BoundField, str]]:
        """Each field, and the text of what is stored instead where the operator has not seen that."""
        return [(self[kind], self._unseen(kind)) for kind in _KINDS]

    def _unseen(self, kind: str) -> str:
        is_typed = self.cleaned_data.get(kind) == self.stored[kind] if self.is_bound else True
        return as_text(self.stored[kind]) if self.is_outdated and not is_typed else ""

    def clean(self) -> dict[str, Any]:
        if self.is_outdated:
            raise ValidationError(
                _(
                    "The metadata was changed meanwhile. Nothing is saved yet: look at what is stored "
                    "now, below, then save again to replace it."
                )
            )
        return self.cleaned_data


def as_text(metadata: dict) -> str:
    """As people read and type it."""
    return json.dumps(metadata, indent=2, ensure_ascii=False)
