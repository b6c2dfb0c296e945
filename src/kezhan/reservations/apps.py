from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    name = "kezhan.reservations"
    label = "reservations"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
