from accounts.models.application import Application, SetUpClosed, SignUpMode
from accounts.models.counter import Counter, CounterDelta
from accounts.models.email_identity import EmailIdentity, Proof
from accounts.models.kept_answer import KeptAnswer
from accounts.models.limit_counter import LimitCounter
from accounts.models.secret_key import SecretKey
from accounts.models.sign_up import SignUp, SignUpClosed
from accounts.models.signing_key import SigningKey
from accounts.models.user import Grant, User

__all__ = [
    "Application",
    "Counter",
    "CounterDelta",
    "EmailIdentity",
    "Grant",
    "KeptAnswer",
    "LimitCounter",
    "Proof",
    "SecretKey",
    "SetUpClosed",
    "SignUp",
    "SignUpClosed",
    "SignUpMode",
    "SigningKey",
    "User",
]
