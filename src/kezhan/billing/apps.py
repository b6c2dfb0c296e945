from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "kezhan.billing"
    label = "billing"

    def ready(self) -> None:
        from . import hooks

        hooks.register()
