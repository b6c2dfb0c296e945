from django.urls import path

from . import views

app_name = "housekeeping"
urlpatterns = [
    path("", views.board, name="board"),
    path("tasks/", views.tasks, name="tasks"),
    path("rooms/<str:number>/", views.room, name="room"),
    path("rooms/<str:number>/plan", views.plan, name="plan"),
    path("rooms/<str:number>/start", views.start, name="start"),
    path("rooms/<str:number>/finish", views.finish, name="finish"),
    path("rooms/<str:number>/inspect", views.inspect, name="inspect"),
    path("rooms/<str:number>/reset", views.reset, name="reset"),
    path("rooms/<str:number>/skip", views.skip, name="skip"),
    path("rooms/<str:number>/override", views.override, name="override"),
]
