"""How allauth works in this house: sign-in by name, words of the product, secrets sealed."""

from __future__ import annotations

import base64
import ipaddress
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import crypto

from . import operations, passwords
from .models import User
from .rules import clean_username

BRAND = "客栈 Kezhan"  # no-translate: the brand
_SECRET = "mfa_authenticator.data"  # noqa: S105

# What is said after a step of allauth, by the template it would use. Signing in and out need no words.
_SAID = {
    "account/messages/password_changed.txt": _("密码已修改，其他地方的登录已退出。"),
    "mfa/messages/totp_activated.txt": _("验证器应用已启用。"),
    "mfa/messages/totp_deactivated.txt": _("验证器应用已解除。"),
    "mfa/messages/webauthn_added.txt": _("通行密钥已添加。"),
    "mfa/messages/webauthn_removed.txt": _("通行密钥已移除。"),
    "mfa/messages/recovery_codes_generated.txt": _("新的备用码已生成，旧的全部作废。"),
}


def client_address(request: HttpRequest) -> str:
    """Where the request came from. Behind a proxy that we trust the server has put there what the proxy saw (see
    `kezhan.cli.served`); a header is the client's own word and is not read here."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return "0.0.0.0"  # noqa: S104


def demo_is_allowed(request: HttpRequest) -> bool:
    """Demo accounts have passwords that were printed on a screen: they answer on this machine alone."""
    return (
        settings.KEZHAN_DEMO
        and not settings.KEZHAN_BEHIND_PROXY
        and _is_loopback(settings.KEZHAN_BIND_HOST)
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
    )


def refuse_demo(request: HttpRequest) -> HttpResponse:
    return render(request, "account/demo_refused.html", status=403)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账号已停用，请联系管理员。"),
        "username_password_mismatch": _("登录名或密码不对。"),
        "too_many_login_attempts": _("失败次数太多，请稍后再试；着急时请管理员重设密码。"),
        "enter_current_password": _("当前密码不对。"),
        "incorrect_password": _("密码不对。"),
        "incorrect_code": _("验证码不对，或者已经用过。"),
        "rate_limited": _("操作太频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are hired by their house; nobody signs up."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        text = message or _SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_login(self, request: HttpRequest, user: User, **hook: Any) -> HttpResponse | None:
        answer = super().pre_login(request, user, **hook)
        if answer is None and user.demo and not demo_is_allowed(request):
            clear_login(request)
            return refuse_demo(request)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """Django gives the session a new key here, so that one planted before sign-in is worth nothing."""
        now = timezone.now()
        super().login(request, user)
        audit.record("people.signed_in", actor=user.actor(), subject=user, at=now)
        if not user.must_change_password and passwords.is_too_old(user, now):
            operations.require_new_password(user_id=user.pk, actor=user.actor(), now=now)

    def post_login(self, request: HttpRequest, user: User, **hook: Any) -> HttpResponse:
        answer = super().post_login(request, user, **hook)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return answer

    def set_password(self, user: User, password: str) -> None:
        changed = operations.change_password(
            user_id=user.pk, password=password, actor=user.actor(), now=timezone.now()
        )
        user.password, user.must_change_password = changed.password, False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return settings.LOGIN_REDIRECT_URL

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return super().clean_username(clean_username(username), shallow)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不对，或者已经用过。"),
        "cannot_generate_recovery_codes": _("先设置两步验证，再生成备用码。"),
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """With its namespace: the page shows it as an image, and a browser draws no image without."""
        drawing = BytesIO()
        code = segno.make(url, error="m")
        code.save(drawing, kind="svg", xmldecl=False, scale=5, border=2, dark="#000", light="#fff")
        return drawing.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text, bound_to=_SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text), bound_to=_SECRET)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("通行密钥 %(number)s") % {"number": count + 1})

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": BRAND}


def locked_out(request: HttpRequest, credentials: dict | None = None) -> HttpResponse:
    """The page axes shows after too many failures of one name from one address."""
    return render(request, "account/locked_out.html", status=429)
