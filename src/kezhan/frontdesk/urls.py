from django.urls import path

from .views import audit, desk, house, stays, today

app_name = "frontdesk"
urlpatterns = [
    path("", today.today, name="today"),
    path("rack/", house.rack, name="rack"),
    path("chart/", house.chart, name="chart"),
    path("rooms/<str:number>/", house.room, name="room"),
    path("booked/<str:number>/<int:position>/", house.booked, name="booked"),
    path("unassigned/<str:code>/<str:day>/", house.unassigned, name="unassigned"),
    path("check-in/<str:number>/<int:position>/", desk.check_in, name="check_in"),
    path("no-show/<str:number>/<int:position>", desk.no_show, name="no_show"),
    path("walk-in/", desk.walk_in, name="walk_in"),
    path("stays/<str:number>/", stays.stay, name="stay"),
    path("stays/<str:number>/guests/", stays.guests_of, name="guests"),
    path("stays/<str:number>/check-out/", stays.check_out, name="check_out"),
    path("stays/<str:number>/receipt/", stays.receipt, name="receipt"),
    path("stays/<str:number>/move/", stays.move, name="move"),
    path("stays/<str:number>/departure/", stays.departure, name="departure"),
    path("stays/<str:number>/undo-check-in/", stays.undo_check_in, name="undo_check_in"),
    path("stays/<str:number>/undo-check-out/", stays.undo_check_out, name="undo_check_out"),
    path("night-audit/", audit.night_audit, name="night_audit"),
    path("night-audit/run", audit.run, name="run_night_audit"),
    path("night-audit/<str:day>/", audit.report, name="report"),
]
