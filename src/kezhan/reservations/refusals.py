"""Expected refusals of this app: what was refused, and what would unlock it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from kezhan.core.errors import DomainError

from . import rules
from .choices import BookingStatus, RoomStatus


def days(nights: Sequence[date]) -> str:
    """11-23、11-24, shortened after ten."""
    text = "、".join(f"{night:%m-%d}" for night in nights[:10])
    return text if len(nights) <= 10 else f"{text} …"


class SoldOut(DomainError):
    """Names the nights that are full and tells what is still free, by type, for all nights asked."""

    code = "reservations.sold_out"
    message = _("%(room_type)s 在 %(nights)s 已经订满。")
    unlock = _("仍可预订：%(free)s。")
    clause = "S-2.1(5)"

    def __init__(self, *, room_type: str, full: Sequence[date], free: Mapping[str, int]) -> None:
        self.room_type, self.full, self.free = room_type, list(full), dict(free)
        words = "、".join(f"{code} {left}" for code, left in free.items() if left > 0)
        super().__init__(room_type=room_type, nights=days(self.full), free=words or str(_("无")))

    def problem(self) -> dict[str, Any]:
        return super().problem() | {
            "room_type": self.room_type,
            "full_nights": [night.isoformat() for night in self.full],
            "still_available": [{"room_type": code, "available": left} for code, left in self.free.items()],
        }


class StepNotAllowed(DomainError):
    code = "reservations.step_not_allowed"
    message = _("预订 %(number)s 现在是“%(now)s”，不能变为“%(to)s”。")
    unlock = _("现在可以变为：%(possible)s。")
    clause = "R-3.1(1)"

    @classmethod
    def of(cls, booking: Any, to: str) -> StepNotAllowed:
        possible = sorted(rules.BOOKING_STEPS[BookingStatus(booking.status)], key=BookingStatus.values.index)
        return cls._of(booking.number, BookingStatus, booking.status, to, possible)

    @classmethod
    def of_room(cls, room: Any, to: str) -> StepNotAllowed:
        possible = sorted(rules.ROOM_STEPS[RoomStatus(room.status)], key=RoomStatus.values.index)
        return cls._of(room.booking.number, RoomStatus, room.status, to, possible)

    @classmethod
    def _of(cls, number: str, words: Any, now: str, to: str, possible: Sequence[Any]) -> StepNotAllowed:
        return cls(
            number=number,
            now=words(now).label,
            to=words(to).label,
            possible="、".join(str(status.label) for status in possible) or _("无"),
        )


class NeedsContact(DomainError):
    code = "reservations.needs_contact"
    message = _("非会员须先填临时档案：姓名和联系方式都要有。")
    unlock = _("请填写客人的姓名和电话，或选择已有档案。")
    clause = "R-3.1(5)"
    status = 422


class MembersOnly(DomainError):
    code = "reservations.members_only"
    message = _("价格 %(rate_plan)s 只给会员。")
    unlock = _("请选择会员档案，或改用其他价格。")
    clause = "R-3.1(4)"


class NotEligible(DomainError):
    code = "reservations.points_not_enough"
    message = _("会员积分不足：余额 %(balance)s，需要 %(asked)s。")
    unlock = _("请减少用于支付的积分。")
    clause = "R-3.1(4)"


class LateCancellation(DomainError):
    code = "reservations.late_cancellation"
    message = _("已过免费取消时限（%(free_until)s），取消须经有权限的人办理。")
    unlock = _("需要“超过宽限期取消预订”权限；按规则收取 %(fee)s。")
    clause = "S-2.3(2)"


class TooEarly(DomainError):
    code = "reservations.too_early"
    message = _("到店日期是 %(arrival)s，营业日才到 %(today)s。")
    unlock = _("客人提前到店请先更改到店日期。")


class NotYetNoShow(DomainError):
    code = "reservations.not_yet_no_show"
    message = _("到店日期是 %(arrival)s，营业日才到 %(today)s，还不能记为未到。")


class RoomTaken(DomainError):
    """Names the nights on which the room already has a use."""

    code = "reservations.room_taken"
    message = _("%(room)s 房在 %(nights)s 已经有安排：%(users)s。")
    unlock = _("请换一间房，或先取消原来的安排。")

    def __init__(self, *, room: str, nights: Sequence[date], users: str) -> None:
        self.nights = list(nights)
        super().__init__(room=room, nights=days(self.nights), users=users)

    def problem(self) -> dict[str, Any]:
        return super().problem() | {"taken_nights": [night.isoformat() for night in self.nights]}


class RoomOfOtherType(DomainError):
    code = "reservations.room_of_other_type"
    message = _("%(room)s 房是 %(type)s，预订占用的房型是 %(wanted)s。")
    unlock = _("请先更换预订的房型。")


class RoomNotInUse(DomainError):
    code = "reservations.room_not_in_use"
    message = _("%(room)s 房在这些日期不在使用中。")


class NeededByBookings(DomainError):
    """A room cannot leave inventory: says which nights and which bookings would suffer."""

    code = "reservations.needed_by_bookings"
    message = _("%(room)s 房不能封：%(nights)s 的 %(room_type)s 已经订满，受影响的预订：%(bookings)s。")
    unlock = _("请先为这些预订换房型、改日期，或缩短封房日期。")

    def __init__(self, *, room: str, room_type: str, nights: Sequence[date], bookings: Sequence[str]) -> None:
        self.nights, self.bookings = list(nights), list(bookings)
        shown = "、".join(self.bookings[:10]) + (" …" if len(self.bookings) > 10 else "")
        super().__init__(
            room=room, room_type=room_type, nights=days(self.nights), bookings=shown or str(_("无"))
        )

    def problem(self) -> dict[str, Any]:
        return super().problem() | {
            "nights": [night.isoformat() for night in self.nights],
            "bookings": self.bookings,
        }


class CapacityNeeded(DomainError):
    code = "reservations.capacity_needed"
    message = _("%(room_type)s 在 %(nights)s 已售的房间多于剩下的房间。")
    unlock = _("请先为这些晚上的预订换房型或改日期。")


class AlreadyReleased(DomainError):
    code = "reservations.already_released"
    message = _("这次封房已经解除。")


class CodeTaken(DomainError):
    code = "reservations.code_taken"
    message = _("代码 %(code)s 已经用过，代码不能重复使用。")


class PriceNotAllowed(DomainError):
    code = "reservations.price_not_allowed"
    message = _("价格由系统按房价日历计算，不能自行填写。")
    unlock = _("改价需要“改价”权限和原因。")
    status = 403
