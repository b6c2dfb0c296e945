from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kezhan.people"
    label = "people"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
