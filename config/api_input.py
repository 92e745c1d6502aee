"""Read API requests: strict JSON, strict queries, and every error reported."""

import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar
from urllib.parse import parse_qsl

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from ninja.params.models import Body, BodyModel, Query, QueryModel
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from accounts.addresses import InvalidAddress, NormalisedAddress, normalise_email
from accounts.metadata import InvalidJSON, InvalidMetadata, clean_metadata, parse_json
from config import bodies, ids
from config.api_errors import MAX_ERRORS, APIRefusal, error, refusal
from invitations.targets import InvalidTarget

if TYPE_CHECKING:
    from accounts.models import SecretKey

_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")

Said = TypeVar("Said", bound=BaseModel)


class APIRequest(HttpRequest):
    """A request that config/api_door.py has authenticated."""

    auth: "SecretKey"


# --- Checks before every operation: key, size, type, syntax -----------------------------------------


def bearer_token(request: HttpRequest) -> str:
    """Return the secret key from the Authorization header, or "" if the header is missing or malformed."""
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def read(request: HttpRequest) -> None:
    """Parse body and query, and store them for the parameter types below. Raises APIRefusal: 413, 415 or 400."""
    request.META["ollio.body"] = _read_body(request)
    request.META["ollio.query"] = read_query(request)


def _read_body(request: HttpRequest) -> dict | list | None:
    """Return the JSON body: an array for a bulk request, otherwise an object. None stands for `null`, which the
    official Go SDK sends in requests without parameters.
    """
    is_bulk = bodies.is_bulk(request.path_info)
    wanted = list if is_bulk else dict
    raw = received(request)
    if not raw:
        return wanted()  # no parameters; the content type does not matter
    _check_type(request)
    try:
        document = parse_json(raw)
    except InvalidJSON as fault:
        raise invalid_body(str(fault)) from fault
    if not isinstance(document, wanted) and (is_bulk or document is not None):
        raise invalid_body("Send a JSON array." if is_bulk else "Send a JSON object.")
    return document


def received(request: HttpRequest) -> bytes:
    try:
        return bodies.receive(request)
    except bodies.BodyRefused as refused:
        raise refusal(refused.status) from refused


def _check_type(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    compressed = request.headers.get("Content-Encoding", "identity").lower() != "identity"
    if (
        request.content_type == "application/json"
        and charset in {"utf-8", "utf8"}
        and not compressed
    ):
        return
    long_message = "Send the body as JSON in UTF-8, uncompressed, with the header Content-Type: application/json."
    if "form" in (request.content_type or ""):
        long_message += (
            " This body says that it is a form; curl does so unless it is told otherwise."
        )
    raise APIRefusal(415, error("unsupported_content_type", "unsupported type", long_message))


def invalid_body(long_message: str) -> APIRefusal:
    return APIRefusal(400, error("request_body_invalid", "body is invalid", long_message))


def read_query(request: HttpRequest) -> dict[str, list[str]]:
    raw = request.META.get("QUERY_STRING", "")
    if _BAD_ESCAPE.search(raw):
        raise refusal(400)
    try:
        text = raw.encode("latin-1").decode()  # WSGI decodes bytes as Latin-1
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeError as fault:
        raise refusal(400) from fault
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).extend(
            [value] if value else []
        )  # an empty value counts as absent
    return query


# --- Parameter types of operations ----------------------------------------------------------------


class Told(BaseModel):
    """A request body. Unknown keys are refused, types are not converted, null in an optional field means "absent"."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _forget_nulls(cls, document: dict) -> dict:
        fields = cls.model_fields
        optional = {name for name, field in fields.items() if not field.is_required()}
        strange = (name for name in document if name not in fields)
        told = {*fields, *islice(strange, MAX_ERRORS)}  # save memory: the response names no more
        # A name may contain a lone surrogate: pydantic cannot read it, and no response can contain it.
        return {
            name.encode(errors="replace").decode(): value
            for name, value in document.items()
            if name in told and (value is not None or name not in optional)
        }


class Nothing(Told):
    """The body or query of an operation without parameters."""


class _BodyModel(BodyModel):
    """Take the body that `read` has parsed. ninja's own parsing is lenient, and treats an empty body as missing."""

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: Any) -> Any:
        ((name, field),) = cls.model_fields.items()
        document = request.META["ollio.body"]
        if document is None and field.annotation is not Nothing:
            raise invalid_body("Send a JSON object.")
        return {name: field.annotation.model_validate(document or {})}  # type: ignore[union-attr]


class _RowsModel(_BodyModel):
    """Pass on the rows of a bulk body unvalidated. The operation validates each, to report all errors at once."""

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: Any) -> Any:
        (name,) = cls.model_fields
        return {name: request.META["ollio.body"]}


class _QueryModel(QueryModel):
    """Pass on all values of every query key, for the types below. List filters may be named `k` or `k[]`."""

    __ninja_collection_fields__: ClassVar[list[str]]

    @classmethod
    def resolve(cls, request: HttpRequest, api: Any, path_params: Any) -> Any:
        ((name, field),) = cls.model_fields.items()
        query = dict(request.META["ollio.query"])
        for filter_name in cls.__ninja_collection_fields__:
            query[filter_name] = query.get(filter_name, []) + query.pop(f"{filter_name}[]", [])
        # An empty value counts as absent. In a request that changes data, an unknown key is refused, even if empty.
        known = query if request.method in {"GET", "HEAD"} else field.annotation.model_fields  # type: ignore[union-attr]
        query = {key: values for key, values in query.items() if values or key not in known}
        return {name: field.annotation.model_validate(query)}  # type: ignore[union-attr]


class _StrictBody(Body):  # type: ignore[misc]
    _model = _BodyModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


class _StrictRows(_StrictBody):  # type: ignore[misc]
    _model = _RowsModel


class _StrictQuery(Query):  # type: ignore[misc]
    _model = _QueryModel

    @classmethod
    def _param_source(cls) -> str:
        return "query"


InBody = Annotated[Said, _StrictBody(...)]
InRows = Annotated[list[Said], _StrictRows(...)]
InQuery = Annotated[Said, _StrictQuery(...)]


# --- Validation of values ---------------------------------------------------------------------------


def cleaned(clean: Callable[[Any], Any], *, takes: type) -> PlainValidator:
    """Validate a value of JSON type `takes` with `clean`; errors keep the code and the text of `clean`."""

    def judge(value: object) -> Any:
        try:
            return clean(value)
        except (InvalidAddress, InvalidMetadata, InvalidTarget) as fault:
            raise invalid(str(fault), code=fault.code) from fault

    return PlainValidator(judge, json_schema_input_type=takes)


def in_path[Row: Model](rows: QuerySet[Row], *, text: str, prefix: str) -> Row:
    """Return the row with the id from a path. Malformed ids cause no query. Raises Http404."""
    if not re.fullmatch(ids.pattern(prefix), text):
        raise Http404
    try:
        return rows.get(pk=text)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def given(value: object) -> object:
    """Refuse null and the empty string as a required value."""
    if value is None or value == "":
        raise invalid("It must not be empty.", code="form_param_nil")
    return value


def invalid(long_message: str, *, code: str = "form_param_value_invalid") -> PydanticCustomError:
    return PydanticCustomError(code, "{text}", {"text": long_message})


Address = Annotated[NormalisedAddress, cleaned(normalise_email, takes=str), BeforeValidator(given)]
Metadata = Annotated[dict, cleaned(clean_metadata, takes=dict)]
