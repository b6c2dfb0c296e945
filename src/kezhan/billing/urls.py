from django.urls import path, register_converter

from . import ledger_views, views


class LanguageConverter:
    """The two languages a bill is printed in."""

    regex = "zh-hans|en"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "bill_language")

app_name = "billing"
urlpatterns = [
    path("ledgers/", ledger_views.ledgers, name="ledgers"),
    path("ledgers/<str:day>/<str:ledger>/", ledger_views.ledger_rows, name="ledger_rows"),
    path("folios/", ledger_views.folios, name="folios"),
    path("folios/<str:number>/", views.folio, name="folio"),
    path("folios/<str:number>/bill/<bill_language:language>/", views.bill, name="bill"),
    path("folios/<str:number>/charge/", views.charge, name="charge"),
    path("folios/<str:number>/pay/", views.pay, name="pay"),
    path("folios/<str:number>/pay-back/", views.pay_back, name="pay_back"),
    path("folios/<str:number>/deposit/", views.deposit, name="deposit"),
    path("folios/<str:number>/deposits/<str:deposit_number>/return/", views.settle, name="settle"),
    path(
        "folios/<str:number>/deposits/<str:deposit_number>/undo/",
        views.undo_settlement,
        name="undo_settlement",
    ),
    path("folios/<str:number>/lines/<int:line>/reverse/", views.reverse, name="reverse"),
    path("folios/<str:number>/windows/new/", views.window, name="window"),
    path("folios/<str:number>/close/", views.close, name="close"),
    path("folios/<str:number>/reopen/", views.reopen, name="reopen"),
]
