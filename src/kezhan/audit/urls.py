"""Pages of the group, mounted under /audit/."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="events"),
    path("events.xlsx", views.export, name="export"),
    path("chain/", views.chain, name="chain"),
    path("chain/checkpoint/", views.checkpoint, name="checkpoint"),
]
