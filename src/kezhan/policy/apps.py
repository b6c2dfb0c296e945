from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "kezhan.policy"
    label = "policy"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
