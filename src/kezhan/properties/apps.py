from django.apps import AppConfig


class PropertiesConfig(AppConfig):
    name = "kezhan.properties"
    label = "properties"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
