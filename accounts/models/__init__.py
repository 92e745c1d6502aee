from accounts.models.application import Application, SetUpClosed, SignUpMode
from accounts.models.limit_counter import LimitCounter
from accounts.models.secret_key import SecretKey
from accounts.models.sign_up import SignUp, SignUpClosed
from accounts.models.user import Grant, User

__all__ = [
    "Application",
    "Grant",
    "LimitCounter",
    "SecretKey",
    "SetUpClosed",
    "SignUp",
    "SignUpClosed",
    "SignUpMode",
    "User",
]
