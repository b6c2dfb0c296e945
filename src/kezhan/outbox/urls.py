"""The administrator's page of background work, mounted under /outbox/."""

from django.urls import path

from . import views

app_name = "outbox"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<uuid:token>/retry/", views.retry, name="retry"),
]
