from django.urls import path

from . import views

app_name = "guests"
urlpatterns = [
    path("", views.guests, name="guests"),
    path("new/", views.new, name="new"),
    path("<str:number>/", views.guest, name="guest"),
    path("<str:number>/edit/", views.edit, name="edit"),
    path("<str:number>/membership/", views.membership, name="membership"),
]
