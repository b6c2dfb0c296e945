"""Sign-in, cookies, passwords and what the browser may load."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

# A person signs in with the name the house gave them: no e-mail is needed, and none is stored in clear.
ACCOUNT_ADAPTER = "kezhan.people.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # a desk is shared: the session ends with the browser, or after a shift
ACCOUNT_LOGOUT_ON_GET = False
# allauth would also count failures of a name from any address: with that, anyone could lock the desk out from afar.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}
ACCOUNT_FORMS = {
    "login": "kezhan.people.sign_in_forms.SignInForm",
    "change_password": "kezhan.people.sign_in_forms.ChangeOwnPasswordForm",
    "reauthenticate": "kezhan.people.sign_in_forms.ConfirmPasswordForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "kezhan.people.passwords.HousePassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
MFA_ADAPTER = "kezhan.people.sign_in.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kezhan"
MFA_TOTP_TOLERANCE = 1  # the clock of a telephone may be half a minute off
MFA_FORMS = {
    "authenticate": "kezhan.people.sign_in_forms.SecondStepForm",
    "reauthenticate": "kezhan.people.sign_in_forms.ConfirmByCodeForm",
    "activate_totp": "kezhan.people.sign_in_forms.ActivateForm",
    "add_webauthn": "kezhan.people.sign_in_forms.AddKeyForm",
}

# Locked by name and address together: by name alone anyone could lock the desk out, by address alone one hotel behind
# one router would lock itself out. The form field's name stays the default: axes sees the credential "username".
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "kezhan.website.errors.locked_out"
CSRF_FAILURE_VIEW = "kezhan.website.errors.csrf_failure"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "kezhan.people.sign_in.client_address"
AXES_LOCKOUT_CALLABLE = "kezhan.people.sign_in.locked_out"

# Cookies travel by https alone whenever the page came by it. `kezhan run` sets this with --cert; behind a proxy that
# speaks https, SecureCookieMiddleware marks them for each answer.
_HTTPS = os.environ.get("KEZHAN_HTTPS") == "1"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("KEZHAN_TRUSTED_ORIGINS", "").split(",") if origin
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Behind a proxy the scheme is taken from its header by `kezhan.cli.served`, from trusted addresses alone; Django's own
# SECURE_PROXY_SSL_HEADER would believe anybody who reaches the port.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # The tape chart places its bars by grid-column; scripts stay without any inline.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "kezhan": {"level": "INFO"},
        # Scanners ask for every name there is; they get a 400 and no page of the log.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
