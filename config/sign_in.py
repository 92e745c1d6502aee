"""Sign-in settings that no environment variable changes. config/settings.py imports them.

allauth handles passwords, passkeys and second factors. Its sign-up, its mailed codes and its management of addresses
are disabled, because our own code does those.
"""

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.adapter.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "accounts.passwords.Argon2Hasher",
    # The others only check imported hashes. The first sign-in replaces such a hash.
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
ACCOUNT_EMAIL_VERIFICATION = "none"  # we verify each address before allauth gets it
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds that an authentication counts as recent
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "set_password": "accounts.forms.sign_in.SetPasswordForm",
}
# accounts/guesses.py limits wrong passwords. allauth's login_failed limits wrong second factors only.
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
# A security key that was only touched (no PIN, no fingerprint) must not replace the password. allauth uses one
# challenge for sign-in and second factor, so user verification is required for both.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Ollio"
MFA_TOTP_TOLERANCE = 1  # step of 30 s: typing takes time, clocks differ (RFC 6238, 5.2)
