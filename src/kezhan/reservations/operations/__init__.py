"""Everything that changes a booking, its nights, the prices and the doors."""

from .booking import (
    allot,
    book,
    check_eligibility,
    confirm,
    decline,
    guest_confirms,
    open_enquiry,
    review,
    submit,
)
from .changes import (
    cancel,
    change_dates,
    change_room_type,
    mark_arrived,
    mark_departed,
    mark_no_show,
    undo_arrival,
    undo_departure,
)
from .locks import lock_booking_room
from .opening import open_nights, recount_capacity
from .rates import add_booking_code, add_rate_plan, set_base_price, set_prices
from .rooms import assign_room, close_room, release_closure, unassign_room
from .starting import open_for_business, price_and_open
from .vouchers import issue_voucher

__all__ = [
    "add_booking_code",
    "add_rate_plan",
    "allot",
    "assign_room",
    "book",
    "cancel",
    "change_dates",
    "change_room_type",
    "check_eligibility",
    "close_room",
    "confirm",
    "decline",
    "guest_confirms",
    "issue_voucher",
    "lock_booking_room",
    "mark_arrived",
    "mark_departed",
    "mark_no_show",
    "open_enquiry",
    "open_for_business",
    "open_nights",
    "price_and_open",
    "recount_capacity",
    "release_closure",
    "review",
    "set_base_price",
    "set_prices",
    "submit",
    "unassign_room",
    "undo_arrival",
    "undo_departure",
]
