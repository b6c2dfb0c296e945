"""What is asked of a profile and a membership."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm, PhoneField

from .choices import MemberTier, Sex
from .models import Guest, Member

NOT_SAID = [("", _("未填"))]
CLEARABLE = [("phone", _("电话")), ("email", _("电子邮箱")), ("birth_date", _("出生日期"))]
LANGUAGES = [("", _("未填")), ("zh", _("中文")), ("en", _("英文")), ("ja", _("日文")), ("ko", _("韩文"))]


class ProfileForm(HouseForm):
    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = PhoneField(label=_("电话"), required=False)
    email = forms.CharField(label=_("电子邮箱"), max_length=120, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=[*NOT_SAID, *Sex.choices], required=False)
    birth_date = DateField(label=_("出生日期"), required=False, help_text=_("例如 1990-03-07。"))
    nationality = forms.CharField(
        label=_("国籍或地区"), max_length=3, required=False, help_text=_("字母代码，例如 CN、GBR。")
    )
    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES, required=False)

    def clean_birth_date(self) -> Any:
        return self.cleaned_data["birth_date"] or ""


class EditForm(ProfileForm):
    """What is sealed is not shown: an empty field leaves it as it is, a tick clears it."""

    SEALED = ("phone", "email", "birth_date")
    clear = forms.MultipleChoiceField(
        label=_("清除"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=CLEARABLE,
    )

    def __init__(self, *args: Any, guest: Guest, masked: dict[str, str], **kwargs: Any) -> None:
        shown = {name: getattr(guest, name) for name in ("name", "sex", "nationality", "language")}
        super().__init__(*args, initial=shown, **kwargs)
        for name in self.SEALED:
            now = masked[name]
            text = _("现为 %(masked)s；留空不改。") % {"masked": now} if now else _("现在没有；留空不改。")
            self.fields[name].help_text = text
        present = [choice for choice in CLEARABLE if masked[choice[0]]]
        if present:
            self.fields["clear"].choices = present  # type: ignore[attr-defined]
        else:
            del self.fields["clear"]

    def changes(self) -> dict[str, Any]:
        """What the operation is asked to change."""
        data = dict(self.cleaned_data)
        cleared = set(data.pop("clear", []))
        for name in self.SEALED:
            if name in cleared:
                data[name] = ""
            elif data[name] in ("", None):
                del data[name]
        return data


class EnrolForm(HouseForm):
    number = forms.CharField(
        label=_("会员号"), max_length=20, required=False, help_text=_("留空时由系统编号。")
    )
    tier = forms.ChoiceField(label=_("等级"), choices=MemberTier.choices)
    points = forms.IntegerField(label=_("积分"), min_value=0, max_value=99_999_999, initial=0)
    joined_date = DateField(label=_("入会日期"))
    ends_date = DateField(label=_("到期日期"), required=False)


class MembershipForm(HouseForm):
    tier = forms.ChoiceField(label=_("等级"), choices=MemberTier.choices)
    points = forms.IntegerField(label=_("积分"), min_value=0, max_value=99_999_999)
    ends_date = DateField(label=_("到期日期"), required=False)
    reason = forms.CharField(label=_("调整原因"), max_length=200)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        shown = {"tier": member.tier, "points": member.points, "ends_date": member.ends_date}
        super().__init__(*args, initial=shown, **kwargs)
