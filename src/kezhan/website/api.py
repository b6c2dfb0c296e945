"""The REST root: collects the routers of all apps. Mount with `path("api/v1/", api.urls)`."""

from __future__ import annotations

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from kezhan.core.rest import ROUTERS

from .rest.door import Bearer
from .rest.houses import router as houses
from .rest.root import Root

DESCRIPTION = _(
    "客栈的接口。每个请求带一个令牌：Authorization: Bearer …。地址和答复里只有代码和单号；"
    '金额写作文字 "388.00"，日期写作 2026-11-22，时刻为 UTC。'
    "列表用 limit 和 after 翻页。写操作请带 Idempotency-Key：24 小时内用同样的内容重试，会得到同一个答复。"
    "拒绝和故障一律是 application/problem+json（RFC 9457），code 不变，文字随 Accept-Language。"
)

api = Root(
    title="Kezhan 客栈",  # no-translate: the product's name
    version="1.0.0",
    description=DESCRIPTION,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="rest",
    auth=Bearer(),
)
api.add_router("/properties", houses)
for _prefix, _path in ROUTERS:
    api.add_router(_prefix, import_string(_path))
