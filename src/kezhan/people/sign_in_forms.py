"""The forms of sign-in, in the words of the house."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from .rules import clean_username


def _dress(field: forms.Field, label: Any, help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    if not isinstance(field.widget, forms.CheckboxInput):
        field.widget.attrs["class"] = "form-control"


def _dress_code(field: forms.Field, help_text: Any) -> None:
    _dress(field, _("验证码"), help_text)
    field.widget.attrs.update({"inputmode": "numeric", "autofocus": True, "autocomplete": "one-time-code"})


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["login"], _("登录名"))
        _dress(self.fields["password"], _("密码"))
        self.fields["login"].widget.attrs.update({"autofocus": True, "autocapitalize": "none"})

    def clean_login(self) -> str:
        """One spelling: otherwise each way of writing a name would have five guesses of its own before it is locked."""
        return clean_username(self.cleaned_data["login"])


class ChangeOwnPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = format_html_join(
            "", "<span>{}</span> ", ((text,) for text in password_validators_help_texts())
        )
        _dress(self.fields["oldpassword"], _("当前密码"))
        _dress(self.fields["password1"], _("新密码"), rules)
        _dress(self.fields["password2"], _("再输一次新密码"))


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["password"], _("密码"))
        self.fields["password"].widget.attrs["autofocus"] = True


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], _("验证器应用里的 6 位数字，或一个备用码。"))


class ConfirmByCodeForm(ReauthenticateByCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], _("验证器应用里的 6 位数字，或一个备用码。"))


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self.fields["code"], _("扫码后，验证器应用里显示的 6 位数字。"))


class AddKeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self.fields["name"], _("名称"), _("例如“前台电脑”或“我的手机”。"))
        _dress(
            self.fields["passwordless"],
            _("可以代替密码登录"),
            _("需要设备本身用指纹、面容或 PIN 确认是您。"),
        )
