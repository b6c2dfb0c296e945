"""The root of all addresses: pages of a house carry its code, pages of the group do not."""

from __future__ import annotations

from django.urls import include, path

from . import machines, views
from .api import api

PROPERTY_APPS = ("hotel", "billing", "reservations", "housekeeping", "frontdesk", "guests")
GROUP_APPS = ("people", "policy", "outbox", "audit", "properties")

site = [
    path("", views.home, name="home"),
    path("language/", views.language, name="language"),
    path("choose-property/", views.choose_property, name="choose_property"),
]


urlpatterns = [
    path("", include((site, "website"))),
    path("healthz", machines.healthz),
    path("readyz", machines.readyz),
    path("robots.txt", views.robots),
    path("api/v1/", api.urls),
    path("", include("kezhan.reservations.urls_public")),
    path("", include("kezhan.people.urls_sign_in")),
    *[path(f"p/<slug:property_code>/{app}/", include(f"kezhan.{app}.urls")) for app in PROPERTY_APPS],
    *[path(f"{app}/", include(f"kezhan.{app}.urls")) for app in GROUP_APPS],
]

handler400 = "kezhan.website.errors.bad_request"
handler403 = "kezhan.website.errors.forbidden"
handler404 = "kezhan.website.errors.not_found"
handler500 = "kezhan.website.errors.server_error"
