from accounts.models.address_change import AddressChange
from accounts.models.application import Application, SetUpClosed, SignUpMode
from accounts.models.browser import Browser
from accounts.models.cache_entry import CacheEntry
from accounts.models.counter import Counter, CounterDelta
from accounts.models.email_identity import EmailIdentity, Proof
from accounts.models.held_secret import HeldSecret
from accounts.models.kept_answer import KeptAnswer
from accounts.models.known_device import KnownDevice
from accounts.models.limit_counter import LimitCounter
from accounts.models.mailed_code import CodeRefused, Purpose
from accounts.models.password_kind import PasswordKind
from accounts.models.secret_key import Scope, SecretKey
from accounts.models.security_event import SecurityEvent
from accounts.models.sign_in import FirstFactor, SignIn
from accounts.models.sign_up import SignUp
from accounts.models.signing_key import SigningKey
from accounts.models.spent_code import SpentCode
from accounts.models.user import Grant, StalePassword, User

__all__ = [
    "AddressChange",
    "Application",
    "Browser",
    "CacheEntry",
    "CodeRefused",
    "Counter",
    "CounterDelta",
    "EmailIdentity",
    "FirstFactor",
    "Grant",
    "HeldSecret",
    "KeptAnswer",
    "KnownDevice",
    "LimitCounter",
    "PasswordKind",
    "Proof",
    "Purpose",
    "Scope",
    "SecretKey",
    "SecurityEvent",
    "SetUpClosed",
    "SignIn",
    "SignUp",
    "SignUpMode",
    "SigningKey",
    "SpentCode",
    "StalePassword",
    "User",
]
