"""Pages of the group, mounted under /policy/."""

from django.urls import path

from . import views

app_name = "policy"
urlpatterns = [
    path("", views.parameters, name="parameters"),
    path("<str:key>/", views.parameter, name="parameter"),
    path("<str:key>/set/", views.set_value, name="set"),
]
