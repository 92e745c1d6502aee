"""The instance: its settings, who may sign up, and the keys that tokens are verified with."""

from typing import Annotated, Literal

from django.conf import settings
from django.http import HttpResponse
from ninja import Router
from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, WithJsonSchema

from accounts.addresses import NormalisedAddress, normalise_email
from accounts.models import Application, SigningKey, SignUpMode
from accounts.models.application import BuiltMode
from config.api_input import APIRequest, InBody, InQuery, Nothing, Told, cleaned, invalid
from config.api_output import reply
from invitations.origins import MAX_ORIGINS, clean_callers, clean_origins

router = Router(tags=["Instance"])

_Texts = Annotated[list[str], Field(max_length=MAX_ORIGINS)]
Origins = Annotated[list[str], cleaned(clean_origins, takes=_Texts)]
Callers = Annotated[list[str], cleaned(clean_callers, takes=_Texts)]


class InstanceObject(BaseModel):
    object: Literal["instance"]
    id: str
    environment_type: Literal["development", "production"]
    allowed_origins: list[str]
    redirect_origins: list[str]
    sign_up_mode: SignUpMode
    workspace_id: None


def _allowed_here(value: bool) -> bool:
    if value and not settings.ALLOW_TEST_MODE:
        raise invalid(
            "In production test mode lets anybody in by a code that everybody knows. "
            "To have it all the same, start Ollio with ALLOW_TEST_MODE=true."
        )
    return value


class ChangeInstance(Told):
    """The settings to change. Those below `test_mode` are Clerk's: they are accepted and have no effect."""

    allowed_origins: Callers = []
    redirect_origins: Origins = []
    support_email: Annotated[NormalisedAddress | None, cleaned(normalise_email, takes=str)] = None
    test_mode: Annotated[bool, AfterValidator(_allowed_here)] = False
    hibp: bool = False
    clerk_js_version: str = ""
    development_origin: str = ""
    cookieless_dev: bool = False
    url_based_session_syncing: bool = False
    preferred_sign_in_strategy_when_password_required: str = ""

    def settings(self) -> dict:
        """What was given and takes effect, as `Application.change` calls it."""
        stored = {"allowed_origins", "redirect_origins", "test_mode"}
        values = self.model_dump(include=stored, exclude_unset=True)
        if self.support_email:
            values["support_address"] = self.support_email.email_address
        return values


def _not_built(value: bool) -> bool:
    """Until a restriction is built it cannot be switched on."""
    if value:
        raise invalid("Ollio does not have this restriction yet; it can only be false.")
    return value


def _for_public_mode(value: bool, said: ValidationInfo) -> bool:
    mode = said.data.get("sign_up_mode") or Application.objects.current().sign_up_mode
    if value and mode != SignUpMode.PUBLIC:
        raise invalid(
            "An allowlist works in public mode alone.", code="sign_up_mode_restricted_invalid_value"
        )
    return value


_ONLY_FALSE = WithJsonSchema({"type": "boolean", "const": False})
Off = Annotated[bool, AfterValidator(_not_built), _ONLY_FALSE]


class RestrictionsObject(BaseModel):
    object: Literal["instance_restrictions"]
    allowlist: bool
    blocklist: bool
    allowlist_blocklist_disabled_on_sign_in: bool
    block_email_subaddresses: bool
    block_disposable_email_domains: bool
    ignore_dots_for_gmail_addresses: bool
    sign_up_mode: SignUpMode


class ChangeRestrictions(Told):
    sign_up_mode: BuiltMode | None = None  # first: the allowlist asks for it
    allowlist: Annotated[
        bool, AfterValidator(_for_public_mode), AfterValidator(_not_built), _ONLY_FALSE
    ] = False
    blocklist: Off = False
    allowlist_blocklist_disabled_on_sign_in: Off = False
    block_email_subaddresses: Off = False
    block_disposable_email_domains: Off = False
    ignore_dots_for_gmail_addresses: Off = False


class JSONWebKey(BaseModel):
    kty: Literal["RSA"]
    use: Literal["sig"]
    alg: Literal["RS256"]
    kid: str
    n: str
    e: str


class JSONWebKeySet(BaseModel):
    keys: list[JSONWebKey]


@router.get("/instance", response=InstanceObject)
def get_instance(request: APIRequest) -> HttpResponse:
    """The settings of the application that people are invited to."""
    application = Application.objects.current()
    document = InstanceObject(
        object="instance",
        id=application.instance_id,
        environment_type=application.environment_type,
        allowed_origins=application.allowed_origins,
        redirect_origins=application.redirect_origins,
        sign_up_mode=SignUpMode(application.sign_up_mode),
        workspace_id=None,
    )
    return reply(document)


@router.patch("/instance", response={204: None})
def change_instance(
    request: APIRequest, body: InBody[ChangeInstance], query: InQuery[Nothing]
) -> HttpResponse:
    """Change the settings given; the others stay as they are. A list of origins is replaced as a whole."""
    Application.objects.current().change(by=request.auth, **body.settings())
    return HttpResponse(status=204)


@router.get("/instance/restrictions", response=RestrictionsObject)
def get_restrictions(request: APIRequest) -> HttpResponse:
    """Who may sign up."""
    return reply(_restrictions(Application.objects.current()))


@router.patch("/instance/restrictions", response=RestrictionsObject)
def change_restrictions(
    request: APIRequest, body: InBody[ChangeRestrictions], query: InQuery[Nothing]
) -> HttpResponse:
    """Change who may sign up. It acts at once, also on sign-up forms that are already open."""
    application = Application.objects.current()
    if body.sign_up_mode:
        application.change(by=request.auth, sign_up_mode=body.sign_up_mode)
    return reply(_restrictions(application))


@router.get("/jwks", response=JSONWebKeySet)
def get_jwks(request: APIRequest) -> HttpResponse:
    """The public keys that session tokens are verified with, as JSON Web Key Set."""
    keys = [JSONWebKey(**key.public_jwk) for key in SigningKey.objects.listed()]
    return reply(JSONWebKeySet(keys=keys))


def _restrictions(application: Application) -> RestrictionsObject:
    return RestrictionsObject(
        object="instance_restrictions",
        allowlist=False,
        blocklist=False,
        allowlist_blocklist_disabled_on_sign_in=False,
        block_email_subaddresses=False,
        block_disposable_email_domains=False,
        ignore_dots_for_gmail_addresses=False,
        sign_up_mode=SignUpMode(application.sign_up_mode),
    )
