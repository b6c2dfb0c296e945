"""What this app declares and registers when the product starts."""

from datetime import date, datetime
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from kezhan.audit import api as audit
from kezhan.core import home, nav, rights, statuses
from kezhan.core.rest import register_router
from kezhan.hotel import api as hotel
from kezhan.outbox import api as outbox
from kezhan.people import api as people
from kezhan.policy import api as policy

from .choices import BookingStatus, RoomStatus
from .models import BasePrice, Booking, RoomNight, RoomTypeNight
from .offers import SHORTEST_LIMIT
from .operations import opening
from .operations.vouchers import CONFIRMATION

DESK = ["front_desk", "reservations", "duty_manager", "general_manager"]
MANAGERS = ["duty_manager", "general_manager"]


_VERBS = {
    "reservations.enquired": _("登记咨询"),
    "reservations.eligibility_checked": _("核验资格"),
    "reservations.sent_to_review": _("转人工审核"),
    "reservations.allotted": _("留房"),
    "reservations.booked": _("预订并确认"),
    "reservations.confirmed": _("确认预订"),
    "reservations.guest_confirmed": _("与客人核对"),
    "reservations.voucher_issued": _("重发凭证"),
    "reservations.declined": _("婉拒预订"),
    "reservations.dates_changed": _("更改日期"),
    "reservations.room_type_changed": _("更换房型"),
    "reservations.cancelled": _("取消预订"),
    "reservations.not_shown": _("记为未到"),
    "reservations.arrived": _("预订到店"),
    "reservations.arrival_undone": _("撤销到店"),
    "reservations.departed": _("预订离店"),
    "reservations.departure_undone": _("撤销离店"),
    "reservations.room_assigned": _("排房"),
    "reservations.room_unassigned": _("取消排房"),
    "reservations.room_closed": _("封房"),
    "reservations.closure_released": _("解除封房"),
    "reservations.rate_plan_added": _("新增价格计划"),
    "reservations.booking_code_added": _("新增预订分类"),
    "reservations.base_price_set": _("设定基础房价"),
    "reservations.prices_set": _("设定房价"),
    "reservations.nights_opened": _("开放可售房晚"),
    "reservations.capacity_recounted": _("重算可售房量"),
    "reservations.inventory_differs": _("发现房量与预订不符"),
}


def register() -> None:
    _declare_rights()
    _declare_parameters()
    _register_controls()
    _register_work()
    _register_first_steps()
    audit.name_verbs(_VERBS)
    nav.register(
        nav.NavItem(
            key="reservations", label=_("预订"), url_name="reservations:bookings", right="reservations.read",
            order=20, icon="calendar", shortcut="b",
        )
    )  # fmt: skip
    statuses.declare(
        "reservations.booking",
        BookingStatus,
        {
            "ENQUIRY": "plain", "ELIGIBLE": "plain", "UNDER_REVIEW": "due", "ALLOTTED": "due", "CONFIRMED": "ok",
            "GUEST_CONFIRMED": "ok", "IN_HOUSE": "busy", "DEPARTED": "out", "DECLINED": "off", "CANCELLED": "off",
            "NO_SHOW": "bad",
        },
    )  # fmt: skip
    statuses.declare(
        "reservations.room",
        RoomStatus,
        {
            "ASKED": "plain",
            "HELD": "in",
            "IN_HOUSE": "busy",
            "DEPARTED": "out",
            "CANCELLED": "off",
            "NO_SHOW": "bad",
        },
    )
    register_router("/properties/{code}", "kezhan.reservations.rest.router")
    hotel.RETIREMENT_CHECKS.register("reservations", why_not_retired)
    hotel.ROOM_FOLLOWERS.register("reservations", opening.follow_room)


def _declare_rights() -> None:
    rights.declare("reservations.read", _("查看预订与房量"))
    rights.declare("reservations.book", _("办理预订与更改"))
    rights.declare("reservations.cancel", _("取消预订"))
    rights.declare("reservations.cancel_late", _("超过宽限期取消预订"))
    rights.declare("reservations.override_price", _("改价"), high_risk=True)
    rights.declare("reservations.manage_rates", _("管理房价日历"))
    rights.declare("reservations.review", _("审核预订"))
    rights.declare("reservations.close_rooms", _("封房与解封"))
    people.grant_by_default(
        "reservations.read", roles=[*DESK, "department_head", "finance", "auditor", "cashier"]
    )
    for right in ("reservations.book", "reservations.cancel"):
        people.grant_by_default(right, roles=DESK)
    for right in ("reservations.cancel_late", "reservations.override_price", "reservations.review"):
        people.grant_by_default(right, roles=MANAGERS)
    people.grant_by_default("reservations.manage_rates", roles=[*MANAGERS, "department_head"])
    people.grant_by_default("reservations.close_rooms", roles=[*MANAGERS, "department_head", "front_desk"])


def _declare_parameters() -> None:
    declare, kind, unit = policy.declare, policy.Kind, policy.Unit
    declare(policy.Parameter(
        key="booking_nodes", module="reservations", label=_("预订标准节点数"), kind=kind.INTEGER, default=5,
        unit=unit.PIECES, soft_min=5, soft_max=5, clauses=("R-3.1(1)",),
        note=_("咨询、资格核验、确认依次进行，变更和取消是分支。"),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="cancel_grace_hours", module="reservations", label=_("免费取消宽限"), kind=kind.DURATION, default=24,
        unit=unit.HOURS, soft_min=0, soft_max=168, clauses=("R-3.1(10)",),
        note=_("到店时间之前这么多小时以内取消不再免费。"),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="refund_after_grace_percent", module="reservations", label=_("宽限期后首晚退款比例"), kind=kind.PERCENT,
        default=50, unit=unit.PERCENT, soft_min=0, soft_max=100, clauses=("R-3.1(11)",),
        note=_("留房时刻之前按此比例退首晚房费，之后和未到不退首晚；其余各晚全退。"),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="hold_until_time", module="reservations", label=_("留房时刻"), kind=kind.TIME, default="18:00",
        clauses=("R-3.1(10)", "R-3.1(11)"), note=_("客人没有说明到店时间时，按这个时刻计算。"),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="confirmation_notice_minutes", module="reservations", label=_("与客人核对预订的时限"), kind=kind.DURATION,
        default=10, unit=unit.MINUTES, soft_min=1, soft_max=1440, clauses=("S-2.2(1)",),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="inventory_horizon_days", module="reservations", label=_("提前开放可售房的天数"), kind=kind.DURATION,
        default=500, unit=unit.DAYS, soft_min=30, soft_max=1000,
    ))  # fmt: skip
    declare(policy.Parameter(
        key="max_nights", module="reservations", label=_("一次预订最多晚数"), kind=kind.INTEGER, default=90,
        unit=unit.NIGHTS, hard_min=SHORTEST_LIMIT, hard_max=400, by_law=False,
        citation=_("产品限制：一个月以内的入住总能查询和预订。"),
    ))  # fmt: skip
    declare(policy.Parameter(
        key="max_rooms_per_booking", module="reservations", label=_("一次预订最多间数"), kind=kind.INTEGER, default=30,
        unit=unit.ROOMS, soft_min=1, soft_max=200,
    ))  # fmt: skip


def _confirmed(place: Any, start: date, end: date) -> Any:
    return Booking.objects.of(place).filter(
        confirmed_at__isnull=False, booked_business_date__gte=start, booked_business_date__lt=end
    )


class CheckedWithGuest:
    """The details were read back to the guest within the minutes of the parameter."""

    def rows(self, place: Any, start: date, end: date, now: datetime) -> Any:
        within = policy.duration("confirmation_notice_minutes", property=place, on=end)
        due = ExpressionWrapper(F("confirmed_at") + Value(within), output_field=DateTimeField())
        measure = policy.StepMeasure(
            subjects=_still_expected,
            done=Q(guest_confirmed_at__isnull=False),
            late=Q(guest_confirmed_at__gt=F("control_due_at")),
            due_at=due,
        )
        return measure.rows(place, start, end, now)


def _still_expected(place: Any, start: date, end: date) -> Any:
    return _confirmed(place, start, end).exclude(status__in=[BookingStatus.CANCELLED, BookingStatus.NO_SHOW])


def _register_controls() -> None:
    """Each measures rows that the operations write; none is met without its step."""
    policy.register_control(policy.Control(
        code="reservations.nodes", kind=policy.ControlKind.STEP, label=_("确认前走完咨询、资格、留房节点"),
        clauses=("R-3.1(1)",), parameters=("booking_nodes",),
        measure=policy.StepMeasure(
            subjects=_confirmed,
            done=Q(asked_at__lte=F("eligible_at"), eligible_at__lte=F("allotted_at"), allotted_at__lte=F("confirmed_at")),
        ),
    ))  # fmt: skip
    policy.register_control(policy.Control(
        code="reservations.profile", kind=policy.ControlKind.STEP, label=_("确认的预订有客人姓名和联系方式"),
        clauses=("R-3.1(5)",),
        measure=policy.StepMeasure(
            subjects=_confirmed,
            done=~Q(guest__name="") & (Q(guest__phone__isnull=False) | Q(guest__email__isnull=False)),
            applies=~Q(eligibility="MEMBER"),
        ),
    ))  # fmt: skip
    policy.register_control(policy.Control(
        code="reservations.guest_confirmed", kind=policy.ControlKind.STEP, label=_("预订成功后与客人核对信息"),
        clauses=("S-2.2(1)",), parameters=("confirmation_notice_minutes",),
        measure=CheckedWithGuest(),
    ))  # fmt: skip


def _register_work() -> None:
    outbox.declare_waiting(CONFIRMATION)
    outbox.register_handler("reservations.open_nights", opening.open_nights_ahead)
    outbox.register_handler("reservations.compare_inventory", opening.compare_inventory)
    outbox.register_schedule(
        "reservations.open_nights", handler="reservations.open_nights", cron="20 4 * * *"
    )
    outbox.register_schedule(
        "reservations.compare_inventory", handler="reservations.compare_inventory", cron="50 4 * * *"
    )


def _register_first_steps() -> None:
    """From an empty house to its first booking, in the order in which each becomes possible."""
    steps = (
        ("opening", "hotel.manage", _("开启营业"), _("定下第一个营业日，建立入账代码、门市价和预订分类。"),
         "reservations:opening", is_open),
        ("rooms", "hotel.manage", _("建立房型与房间"), _("先建房型，再逐间登记房号。"), "hotel:rooms", has_rooms),
        ("prices", "reservations.manage_rates", _("设定基础房价"), _("保存以后，以后的各晚就可以预订。"),
         "reservations:setup", has_prices),
        ("booking", "reservations.book", _("接受第一个预订"), _("选日期、房型和客人，确认后打印凭证。"),
         "reservations:new", has_bookings),
    )  # fmt: skip
    for order, (key, right, label, text, url_name, done) in enumerate(steps, start=1):
        home.register_first_step(home.FirstStep(key, right, order * 10, label, text, url_name, done))


def is_open(place: Any) -> bool:
    return hotel.BusinessDay.objects.of(place).exists()


def has_rooms(place: Any) -> bool:
    return hotel.Room.objects.of(place).exists()


def has_prices(place: Any) -> bool:
    return BasePrice.objects.of(place).exists()


def has_bookings(place: Any) -> bool:
    return Booking.objects.of(place).exists()


def why_not_retired(row: Any, day: date) -> Any:
    """Asked by `hotel` before a room or a type is retired from `day` on."""
    if isinstance(row, hotel.Room):
        used = (
            RoomNight.objects.filter(room=row, date__gte=day)
            .order_by("date")
            .values_list("date", flat=True)
            .first()
        )
        if used is not None:
            return _("%(date)s 起已经有安排。") % {"date": used}
        spare = F("capacity") - F("out_of_order") - F("blocked") + F("overbook_allowance") - F("sold")
        full = RoomTypeNight.objects.filter(
            property_id=row.property_id, room_type_id=row.room_type_id, date__gte=day
        )
        first = (
            full.alias(spare=spare)
            .filter(spare__lt=1)
            .order_by("date")
            .values_list("date", flat=True)
            .first()
        )
        return "" if first is None else _("%(date)s 这个房型已经订满。") % {"date": first}
    sold = RoomTypeNight.objects.filter(
        property_id=row.property_id, room_type_id=row.pk, date__gte=day, sold__gt=0
    )
    first = sold.order_by("date").values_list("date", flat=True).first()
    return "" if first is None else _("%(date)s 还有预订。") % {"date": first}
