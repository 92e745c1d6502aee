"""How people sign in: passwords, passkeys and second factors by allauth; its own sign-up, its mailed codes and its
keeping of addresses are shut, since those are ours. The settings that no environment changes; config/settings.py
takes them in.
"""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.adapter.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "accounts.passwords.Argon2Hasher",
    # The rest check imported digests, which the first sign-in replaces.
    "accounts.passwords.BCryptHasher",
    "accounts.passwords.BCryptSHA256Hasher",
    "accounts.passwords.PBKDF2Hasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.SimilarityValidator"},
    {"NAME": "accounts.guessing.GuessableValidator"},
]

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email_address"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # each address is proved before allauth hears of it
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds that a proof of who somebody is counts as fresh
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "set_password": "accounts.forms.sign_in.SetPasswordForm",
}
# Passwords are counted by accounts/guesses.py; what failed is counted here of second factors alone.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_ADAPTER = "accounts.second_factor_adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.SecondFactorForm",
    "reauthenticate": "accounts.forms.sign_in.SecondFactorAgainForm",
    "generate_recovery_codes": "accounts.forms.recovery_codes.NewCodesForm",
    "activate_totp": "accounts.forms.sign_in.AuthenticatorAppForm",
    "login_webauthn": "accounts.forms.passkeys.SignInPasskeyForm",
    "authenticate_webauthn": "accounts.forms.passkeys.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.passkeys.ReauthenticatePasskeyForm",
    "add_webauthn": "accounts.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.passkeys.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A key that was only touched must not sign in alone: allauth keeps one challenge for both uses.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Ollio"
MFA_TOTP_TOLERANCE = 1  # step of 30 seconds: typing takes a while, clocks differ (RFC 6238, 5.2)
