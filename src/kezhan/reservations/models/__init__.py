"""Enquiries, bookings, inventory, rates, room nights."""

from .bookings import Booking, BookingNight, BookingRoom, Voucher
from .inventory import Closure, RoomNight, RoomTypeNight
from .rates import BasePrice, BookingCode, NightPrice, RatePlan

__all__ = [
    "BasePrice",
    "Booking",
    "BookingCode",
    "BookingNight",
    "BookingRoom",
    "Closure",
    "NightPrice",
    "RatePlan",
    "RoomNight",
    "RoomTypeNight",
    "Voucher",
]
