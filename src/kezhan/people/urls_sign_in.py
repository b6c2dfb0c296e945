"""Addresses of sign-in, mounted at the root. Only what a house needs of allauth has an address, under its own name."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from kezhan.core.door import public, signed_in

from .views import first, own

_entrance = public("whoever signs in is not known yet")
_stage = public(
    "between password and second step; without that stage in the session it leads back to sign-in"
)

urlpatterns = [
    path("sign-in/", _entrance(account.login), name="account_login"),
    path("sign-in/second-step/", _stage(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", _entrance(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/closed/", _entrance(account.account_inactive), name="account_inactive"),
    path("sign-out/", _stage(account.logout), name="account_logout"),
    path(
        "first/<str:token>/", public("good once, with a token of its own")(first.first), name="people_first"
    ),
    path("account/password/", signed_in(account.password_change), name="account_change_password"),
    path("account/confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/confirm/key/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/security/", signed_in(mfa.index), name="mfa_index"),
    path("account/security/app/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "account/security/codes/",
        signed_in(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/security/codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/codes/file/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/security/keys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/keys/add/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/security/keys/<str:handle>/remove/", own.remove_key, name="people_remove_key"),
]
