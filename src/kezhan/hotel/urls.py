from django.urls import path

from . import views

app_name = "hotel"
urlpatterns = [
    path("rooms/", views.rooms, name="rooms"),
    path("rooms/new/", views.add_room, name="add_room"),
    path("rooms/<str:number>/retire/", views.retire_room, name="retire_room"),
    path("types/new/", views.add_type, name="add_type"),
    path("types/<str:code>/retire/", views.retire_type, name="retire_type"),
]
