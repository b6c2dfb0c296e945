"""What a clerk fills in. Prices are not among it, except for who may agree on one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kezhan.core.forms import DateField, HouseForm, MoneyField, PhoneField, dress
from kezhan.core.templatetags.kezhan import house_name
from kezhan.hotel import api as hotel

from .choices import BookingStatus, ClosureKind, CodeAxis, RatePlanKind
from .models import BookingCode, RatePlan
from .values import BookingRequest, RoomRequest

LINES = 3


def words(row: Any) -> str:
    return f"{row.code} {house_name(row)}"


def type_choices(place: Any, on: date) -> list[tuple[str, str]]:
    return [(row.code, words(row)) for row in hotel.room_types_of(place, on)]


def plan_choices(place: Any, on: date) -> list[tuple[str, str]]:
    rows = RatePlan.objects.of(place)
    return [(row.code, words(row)) for row in rows if row.retired_date is None or row.retired_date > on]


def code_choices(place: Any, axis: str, on: date) -> list[tuple[str, str]]:
    rows = BookingCode.objects.of(place).filter(axis=axis)
    return [(row.code, words(row)) for row in rows if row.retired_date is None or row.retired_date > on]


class LineForm(HouseForm):
    """Some rooms of one type at one plan. `agreed_price` is asked only from who may set prices."""

    room_type = forms.ChoiceField(label=_("房型"), required=False)
    rate_plan = forms.ChoiceField(label=_("价格"), required=False)
    count = forms.IntegerField(label=_("间数"), min_value=1, max_value=99, initial=1)
    adults = forms.IntegerField(label=_("成人"), min_value=1, max_value=9, initial=1)
    children = forms.IntegerField(label=_("儿童"), min_value=0, max_value=9, initial=0)
    agreed_price = MoneyField(label=_("议定每晚房价"), required=False, min_value=0)

    def __init__(self, *args: Any, place: Any, may_override: bool, first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        today = options["today"]
        blank = [] if first else [("", "—")]
        self.fields["room_type"].choices = blank + type_choices(place, today)  # type: ignore[attr-defined]
        self.fields["rate_plan"].choices = plan_choices(place, today)  # type: ignore[attr-defined]
        self.fields["room_type"].required = self.fields["rate_plan"].required = first
        for name in ("count", "adults", "children"):
            self.fields[name].required = first
        if not may_override:
            del self.fields["agreed_price"]

    def requests(self, nights: int, day_use: bool, reason: str) -> list[RoomRequest]:
        """None for a line left empty."""
        given = self.cleaned_data
        if not given.get("room_type"):
            return []
        agreed = given.get("agreed_price")
        room = RoomRequest(
            room_type=given["room_type"],
            rate_plan=given["rate_plan"],
            adults=given.get("adults") or 1,
            children=given.get("children") or 0,
            day_use=day_use,
            nightly_prices=(agreed,) * nights if agreed is not None and not day_use else None,
            day_use_price=agreed if day_use else None,
            price_reason=reason,
        )
        return [room] * (given.get("count") or 1)


class BookingForm(HouseForm):
    """The stay, where it came from, and the guest. Its lines are LineForms beside it."""

    arrival = DateField(label=_("到店"))
    departure = DateField(label=_("离店"))
    arrival_time = forms.TimeField(
        label=_("到店时间"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    market = forms.ChoiceField(label=_("客源"))
    source = forms.ChoiceField(label=_("预订来源"))
    channel = forms.ChoiceField(label=_("渠道"))
    guest = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    guest_name = forms.CharField(label=_("姓名"), required=False, max_length=80)
    guest_phone = PhoneField(label=_("电话"), required=False)
    wishes = forms.CharField(
        label=_("特别要求"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    external_reference = forms.CharField(label=_("外部单号"), required=False, max_length=60)
    price_reason = forms.CharField(label=_("改价原因"), required=False, max_length=200)

    def __init__(
        self, data: Any = None, *, place: Any, today: date, may_override: bool, **options: Any
    ) -> None:
        super().__init__(data, today=today, **options)
        for axis in CodeAxis:
            self.fields[axis.lower()].choices = code_choices(place, axis, today)  # type: ignore[attr-defined]
        if not may_override:
            del self.fields["price_reason"]
        self.lines = [
            LineForm(
                data,
                prefix=f"line{index}",
                place=place,
                may_override=may_override,
                first=index == 0,
                today=today,
            )
            for index in range(LINES)
        ]

    def is_valid(self) -> bool:
        """The stay and every line."""
        return all([super().is_valid(), *[line.is_valid() for line in self.lines]])

    def request(self, guest: Any = None) -> BookingRequest:
        given = self.cleaned_data
        nights = (given["departure"] - given["arrival"]).days
        reason = given.get("price_reason", "")
        rooms = [room for line in self.lines for room in line.requests(nights, nights == 0, reason)]
        return BookingRequest(
            arrival=given["arrival"],
            departure=given["departure"],
            rooms=tuple(rooms),
            market=given.get("market", ""),
            source=given.get("source", ""),
            channel=given.get("channel", ""),
            guest=guest,
            guest_name=given.get("guest_name", ""),
            guest_phone=given.get("guest_phone", ""),
            arrival_time=given.get("arrival_time"),
            wishes=given.get("wishes", ""),
            external_reference=given.get("external_reference", ""),
        )


class FilterForm(HouseForm):
    """Filters of the list."""

    q = forms.CharField(label=_("查找"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *BookingStatus.choices]
    )
    first = DateField(label=_("到店自"), required=False)
    last = DateField(label=_("至"), required=False)


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DatesForm(ReasonForm):
    arrival = DateField(label=_("到店"))
    departure = DateField(label=_("离店"))
    field_order = ["arrival", "departure", "reason"]


class TypeForm(ReasonForm):
    room_type = forms.ChoiceField(label=_("占用房型"))
    field_order = ["room_type", "reason"]

    def __init__(self, *args: Any, place: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["room_type"].choices = type_choices(place, options["today"])  # type: ignore[attr-defined]


class DoorForm(HouseForm):
    door = forms.ChoiceField(label=_("房间"), required=False)

    def __init__(self, *args: Any, doors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["door"].choices = [("", _("不排房")), *doors]  # type: ignore[attr-defined]


class ClosureForm(HouseForm):
    room = forms.ChoiceField(label=_("房间"))
    kind = forms.ChoiceField(
        label=_("类别"), choices=[(kind.value, f"{kind.value} {kind.label}") for kind in ClosureKind],
        help_text=_("OOO 维修房退出可售房；OOS 停用房只是暂不排房，仍在可售房里。"),
    )  # fmt: skip
    starts = DateField(label=_("自"))
    ends = DateField(label=_("至（不含）"))
    reason = forms.CharField(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, place: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rooms = hotel.rooms_of(place, options["today"]).order_by("number")
        doors = [(room.number, f"{room.number} {room.room_type.code}") for room in rooms]
        self.fields["room"].choices = doors  # type: ignore[attr-defined]


class PriceForm(HouseForm):
    rate_plan = forms.ChoiceField(label=_("价格"))
    room_type = forms.ChoiceField(label=_("房型"))
    first = DateField(label=_("自"))
    end = DateField(label=_("至（不含）"))
    price = MoneyField(label=_("每晚房价"), min_value=0)
    weekend_price = MoneyField(
        label=_("周五、周六晚"), required=False, min_value=0, help_text=_("不填则与其他晚相同。")
    )

    def __init__(self, *args: Any, place: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rate_plan"].choices = plan_choices(place, options["today"])  # type: ignore[attr-defined]
        self.fields["room_type"].choices = type_choices(place, options["today"])  # type: ignore[attr-defined]


class OpeningForm(HouseForm):
    business_date = DateField(
        label=_("第一个营业日"), help_text=_("通常是今天。开启以后只有夜审能推进营业日。")
    )


class PlanForm(HouseForm):
    code = forms.CharField(label=_("代码"), max_length=24)
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("价格类别"), choices=RatePlanKind.choices)
    breakfasts = forms.IntegerField(label=_("每晚早餐份数"), min_value=0, max_value=9, initial=0)
    members_only = forms.BooleanField(label=_("只给会员"), required=False)
    public = forms.BooleanField(label=_("网上可见"), required=False, initial=True)


class CodeForm(HouseForm):
    axis = forms.ChoiceField(label=_("分类"), choices=CodeAxis.choices)
    code = forms.CharField(label=_("代码"), max_length=24)
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), required=False, max_length=60)


class BasePriceForm(HouseForm):
    """Two prices for each room type; a type left empty stays without and is not sold at this plan."""

    def __init__(self, *args: Any, types: list[Any], known: dict[int, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.types = types
        for row in types:
            base = known.get(row.pk)
            self._add(f"price_{row.code}", _("%(type)s 每晚"), row, base.price if base else None)
            self._add(
                f"weekend_{row.code}", _("%(type)s 周五、周六晚"), row, base.weekend_price if base else None
            )

    def _add(self, name: str, label: Any, row: Any, initial: Any) -> None:
        self.fields[name] = MoneyField(
            label=label % {"type": words(row)}, required=False, min_value=0, initial=initial
        )
        dress(self.fields[name])

    def prices(self) -> dict[Any, tuple[Any, Any]]:
        """(ordinary, weekend) by room type, of those given."""
        given = self.cleaned_data
        return {
            row: (given[f"price_{row.code}"], given[f"weekend_{row.code}"])
            for row in self.types
            if given[f"price_{row.code}"] is not None
        }
