"""Pages of bookings, mounted under /p/<property_code>/reservations/."""

from django.urls import path

from .views import bookings, editor, house, rooms, setup, steps

app_name = "reservations"
urlpatterns = [
    path("", bookings.bookings, name="bookings"),
    path("new/", editor.new, name="new"),
    path("new/quote/", editor.quote, name="quote"),
    path("new/guests/", editor.find_guests, name="find_guests"),
    path("of/<str:number>/", bookings.booking, name="booking"),
    path("of/<str:number>/eligibility/", steps.eligibility, name="eligibility"),
    path("of/<str:number>/submit/", steps.submit, name="submit"),
    path("of/<str:number>/review/", steps.review, name="review"),
    path("of/<str:number>/confirm/", steps.confirm, name="confirm"),
    path("of/<str:number>/voucher/", steps.issue_voucher, name="issue_voucher"),
    path("of/<str:number>/guest-confirmed/", steps.guest_confirmed, name="guest_confirmed"),
    path("of/<str:number>/decline/", steps.decline, name="decline"),
    path("of/<str:number>/cancel/", steps.cancel, name="cancel"),
    path("of/<str:number>/vouchers/<int:version>/", bookings.voucher, name="voucher_version"),
    path("of/<str:number>/rooms/<int:position>/dates/", rooms.dates, name="dates"),
    path("of/<str:number>/rooms/<int:position>/type/", rooms.room_type, name="room_type"),
    path("of/<str:number>/rooms/<int:position>/door/", rooms.door, name="door"),
    path("of/<str:number>/rooms/<int:position>/no-show/", rooms.no_show, name="no_show"),
    path("availability/", house.availability, name="availability"),
    path("prices/", house.prices, name="prices"),
    path("opening/", setup.opening, name="opening"),
    path("setup/", setup.setup, name="setup"),
    path("setup/plans/", setup.add_plan, name="add_plan"),
    path("setup/plans/<str:plan>/prices/", setup.set_base_prices, name="set_base_prices"),
    path("setup/codes/", setup.add_code, name="add_code"),
    path("closures/", house.closures, name="closures"),
    path("closures/<str:room>/<str:starts>/release/", house.release, name="release"),
]
