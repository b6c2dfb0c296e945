"""What a guest opens with the token of a voucher, mounted at the root of the site."""

from django.urls import path

from .views import public

app_name = "voucher"
urlpatterns = [
    path("v/<str:token>/", public.page, name="page"),
    path("v/<str:token>/voucher.pdf", public.pdf, name="pdf"),
]
