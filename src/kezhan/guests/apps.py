from django.apps import AppConfig


class GuestsConfig(AppConfig):
    name = "kezhan.guests"
    label = "guests"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
