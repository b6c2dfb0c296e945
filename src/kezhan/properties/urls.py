"""Pages of the group, mounted under /properties/."""

from django.urls import path

from . import views

app_name = "properties"
urlpatterns = [
    path("", views.houses, name="houses"),
    path("open-house/", views.open_house, name="open_house"),
    path("house/<slug:code>/", views.house, name="house"),
    path("house/<slug:code>/close/", views.close_house, name="close_house"),
]
