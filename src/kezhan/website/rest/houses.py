"""The houses a token may see."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from kezhan.core.schemas import Out, Page, PageQuery, answer, page
from kezhan.properties import api as properties

router = Router(tags=["properties"])


class HouseOut(Out):
    """A house: its code stands in the address of everything that happens there."""

    code: str
    name: str
    name_en: str
    timezone: str
    currency: str


@router.get(
    "/",
    response=Page[HouseOut],
    operation_id="list_properties",
    summary=cast(str, _("门店列表")),
    description=cast(str, _("这个令牌可以看到的门店，按代码排序。")),
)
def list_houses(request: HttpRequest, query: Query[PageQuery]) -> HttpResponse:
    return answer(page(_visible(request.caller), query, by=("code",), make=_out))  # type: ignore[attr-defined]


def _visible(caller: Any) -> QuerySet[properties.Property]:
    houses = properties.Property.objects.filter(group_id=caller.token.group_id)
    if caller.token.all_properties:
        return houses
    return houses.filter(pk__in=caller.token.places.values("property_id"))


def _out(house: properties.Property) -> HouseOut:
    return HouseOut(
        code=house.code,
        name=house.name,
        name_en=house.name_en,
        timezone=house.timezone,
        currency=house.currency,
    )
