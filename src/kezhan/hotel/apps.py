from django.apps import AppConfig


class HotelConfig(AppConfig):
    name = "kezhan.hotel"
    label = "hotel"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
