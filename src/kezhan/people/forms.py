"""Forms of the people pages."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm, PhoneField
from kezhan.core.rights import RIGHTS
from kezhan.properties.api import Property

from .choices import Language
from .models import Department, Post, Role, User
from .operations import FirstHouse


class Labelled(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return row.label


class LabelledMany(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row: Any) -> str:
        return row.label


class PersonForm(HouseForm):
    name = forms.CharField(label=_("姓名"), max_length=60)
    name_en = forms.CharField(label=_("英文名"), max_length=60, required=False)
    phone = PhoneField(label=_("手机"), required=False)
    email = forms.EmailField(label=_("邮箱"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("语言"), choices=Language.choices, initial=Language.CHINESE)


class HireForm(PersonForm):
    username = forms.RegexField(
        r"^[\w.@-]+$",
        label=_("登录名"),
        max_length=64,
        help_text=_("字母、数字、汉字和 . _ - 都可以，例如姓名拼音或工号。"),
        error_messages={"invalid": _("登录名只能有字母、数字、汉字和 . _ - @。")},
    )
    hired_date = DateField(label=_("入职日期"))
    field_order = ["username", "name", "name_en", "phone", "email", "language", "hired_date"]


class PostingForm(HouseForm):
    """A post somewhere from a day on. Choices are those of the person's group."""

    post = Labelled(label=_("岗位"), queryset=Post.objects.none())
    place = forms.ModelChoiceField(
        label=_("门店"),
        queryset=Property.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("部门所在的门店（集团部门则为全集团）"),
    )
    starts_date = DateField(label=_("自"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, group: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = (
            Post.objects.of(group).filter(retired_date__isnull=True).select_related("department__property")
        )
        self.fields["post"] = PostChoice(
            posts.order_by("department__property__code", "department__code", "code")
        )
        self.fields["post"].widget.attrs["class"] = "form-select"
        self.fields["place"].queryset = Property.objects.filter(group=group).order_by("code")  # type: ignore[attr-defined]
        self.order_fields(["post", "place", "starts_date", "ends_date", "reason"])

    def where(self) -> Property | None:
        """The house chosen, or the one the post's department belongs to; None means the whole group."""
        return self.cleaned_data["place"] or self.cleaned_data["post"].department.property


class PostChoice(forms.ModelChoiceField):
    """A post named with its house and department; its value is a handle, not a key."""

    def __init__(self, queryset: Any) -> None:
        super().__init__(queryset, label=_("岗位"))

    def prepare_value(self, value: Any) -> Any:
        return value.handle if isinstance(value, Post) else value

    def label_from_instance(self, post: Any) -> str:
        place = post.department.property
        return " · ".join(
            filter(None, [place.name if place else str(_("集团")), post.department.label, post.label])
        )

    def to_python(self, value: Any) -> Post | None:
        if value in self.empty_values:
            return None
        found = next((post for post in self.queryset or [] if post.handle == value), None)
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class GivePostForm(PostingForm):
    ends_date = DateField(label=_("至（不含）"), required=False)


class TransferForm(PostingForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_date"].label = _("生效日期")
        self.fields["reason"].required = True


class LeaveForm(HouseForm):
    left_date = DateField(label=_("离职日期"))
    reason = forms.CharField(label=_("原因"), max_length=200)


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("原因"), max_length=200)


class DepartmentForm(HouseForm):
    place = forms.ModelChoiceField(
        label=_("门店"),
        queryset=Property.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("集团"),
    )
    code = forms.CharField(label=_("代码"), max_length=16)
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)

    def __init__(self, *args: Any, group: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Property.objects.filter(group=group).order_by("code")  # type: ignore[attr-defined]


class PostForm(HouseForm):
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    roles = LabelledMany(
        label=_("角色"),
        queryset=Role.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, group: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = Role.objects.of(group).order_by("pk")  # type: ignore[attr-defined]


class NewPostForm(PostForm):
    code = forms.CharField(label=_("代码"), max_length=16)
    field_order = ["code", "name", "name_en", "roles"]


class NewRoleForm(HouseForm):
    key = forms.SlugField(label=_("代码"), max_length=48)
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)


class RoleForm(HouseForm):
    name = forms.CharField(label=_("名称"), max_length=60, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    requires_mfa = forms.BooleanField(
        label=_("必须两步验证"), required=False, help_text=_("担任者没有设置两步验证时，先设置才能继续。")
    )
    rights = forms.MultipleChoiceField(label=_("权限"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [(code, right.label) for code, right in RIGHTS]  # type: ignore[attr-defined]


class ShiftForm(HouseForm):
    """A shift on the house's clock; one that ends before it starts runs over midnight."""

    department = Labelled(label=_("部门"), queryset=Department.objects.none(), to_field_name="code")
    user = forms.ModelChoiceField(label=_("员工"), queryset=User.objects.none(), to_field_name="username")
    day = DateField(label=_("日期"))
    starts = forms.TimeField(
        label=_("上班"), initial=time(7), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("下班"), initial=time(15), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, place: Property, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(place.timezone)
        departments = Department.objects.of(place.group_id).filter(property=place, retired_date__isnull=True)
        self.fields["department"].queryset = departments.order_by("code")  # type: ignore[attr-defined]
        self.fields["user"].queryset = staff  # type: ignore[attr-defined]

    def period(self) -> tuple[datetime, datetime]:
        given = self.cleaned_data
        last = given["day"] if given["ends"] > given["starts"] else given["day"] + timedelta(days=1)
        return (
            datetime.combine(given["day"], given["starts"], self.zone),
            datetime.combine(last, given["ends"], self.zone),
        )


class FirstForm(HouseForm):
    """Everything a new inn needs before its first sign-in."""

    house_name = forms.CharField(label=_("酒店名称"), max_length=120)
    house_name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    code = forms.SlugField(
        label=_("酒店代码"),
        max_length=32,
        help_text=_("小写字母、数字和连字符，会出现在网址里，以后不能改。"),
    )
    timezone = forms.ChoiceField(label=_("时区"), initial="Asia/Shanghai")
    person = forms.CharField(label=_("您的姓名"), max_length=60)
    username = forms.RegexField(r"^[\w.@-]+$", label=_("登录名"), max_length=64)
    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("再输一次密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("语言"), choices=Language.choices, initial=Language.CHINESE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = [(name, name) for name in sorted(available_timezones())]  # type: ignore[attr-defined]
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("password_again") != given["password"]:
            self.add_error("password_again", _("两次输入的密码不一样。"))
        return given

    def house(self) -> FirstHouse:
        given = self.cleaned_data
        return FirstHouse(
            code=given["code"].lower(),
            name=given["house_name"],
            name_en=given["house_name_en"],
            timezone=given["timezone"],
            username=given["username"],
            person=given["person"],
            password=given["password"],
            language=given["language"],
        )
