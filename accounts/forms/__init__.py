from accounts.forms.account import AccountForm
from accounts.forms.set_up import SetUpForm
from accounts.forms.sign_in import (
    ChangeAddressForm,
    MailboxForm,
    NewPasswordForm,
)
from accounts.forms.sign_up import CodeForm, InvitedSignUpForm, SignUpForm

__all__ = [
    "AccountForm",
    "ChangeAddressForm",
    "CodeForm",
    "InvitedSignUpForm",
    "MailboxForm",
    "NewPasswordForm",
    "SetUpForm",
    "SignUpForm",
]
