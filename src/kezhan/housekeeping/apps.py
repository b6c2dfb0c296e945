from django.apps import AppConfig


class HousekeepingConfig(AppConfig):
    name = "kezhan.housekeeping"
    label = "housekeeping"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
