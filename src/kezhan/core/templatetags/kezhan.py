"""Tags and filters every template has without loading them."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kezhan.core import htmx, statuses
from kezhan.core.shell import Shell

register = template.Library()

SPRITE = "core/vendor/icons.svg"
SYMBOLS = {
    "CNY": "¥",
    "USD": "US$",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "JPY": "JP¥",
    "MOP": "MOP$",
    "TWD": "NT$",
}


# ---------------------------------------------------------------- addresses


@register.simple_tag(takes_context=True)
def house_url(context: template.Context, url_name: str, *args: Any, **kwargs: Any) -> str:
    """`{% house_url 'frontdesk:arrivals' %}`: the address with the code of the house in view."""
    request: HttpRequest = context["request"]
    if getattr(request, "property", None) is None:
        shell: Shell = context.get("shell") or Shell(request)
        if shell.house is not None:
            kwargs.setdefault("property_code", shell.house.code)
            return htmx.address(request, url_name, *args, **kwargs)
    return htmx.address(request, url_name, *args, **kwargs)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The query of this page with some parts changed ("?sort=name"); None or "" takes a part out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


# ---------------------------------------------------------------- marks


@cache
def icon_names() -> frozenset[str]:
    sprite = Path(__file__).resolve().parent.parent / "static" / SPRITE
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite.read_text(encoding="utf-8")))


@register.simple_tag
def icon(name: str, label: Any = "") -> SafeString:
    """An icon of the sprite; with `label` it speaks, without it is decoration. An unknown name shows a dot."""
    known = name if name in icon_names() else "point"
    speaks = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="kz-icon" {}><use href="{}#{}"></use></svg>', speaks, static(SPRITE), known
    )


@register.simple_tag
def status_chip(state: str, states: str) -> SafeString:
    """`{% status_chip booking.status "reservations.booking" %}`: glyph, code of the trade and word in the state's hue."""
    look = statuses.look(states, state)
    glyph = format_html('<span aria-hidden="true">{}</span> ', look.glyph) if look.glyph else ""
    code = format_html('<b class="kz-code">{}</b> ', look.code) if look.code else ""
    return format_html('<span class="kz-chip kz-{}">{}{}{}</span>', look.tone, glyph, code, look.label)


@register.simple_tag
def chip(tone: str, text: Any) -> SafeString:
    """A chip of a tone (ok due busy in out bad off waived plain) with words of the page's own."""
    glyph = statuses.GLYPHS[tone]
    mark = format_html('<span aria-hidden="true">{}</span> ', glyph) if glyph else ""
    return format_html('<span class="kz-chip kz-{}">{}{}</span>', tone, mark, text)


# ---------------------------------------------------------------- figures


@register.filter
def money(amount: Decimal | int | None, currency: str = "CNY") -> str:
    """¥1,234.00, −¥20.00; a dash for nothing. Currencies without a sign of their own show their code."""
    if amount is None or amount == "":
        return "—"
    value = Decimal(amount)
    sign = SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if value < 0 else ''}{sign}{abs(value):,.2f}"


@register.filter
def percent(fraction: Decimal | float | None, places: int = 1) -> str:
    """0.0625 → 6.3%; a dash where the rate is unknown."""
    return "—" if fraction is None else f"{Decimal(fraction) * 100:.{places}f}%"


# ---------------------------------------------------------------- time


def weekday(value: date) -> str:
    return [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")][value.weekday()]


@register.filter
def day(value: date | None, form: str = "") -> str:
    """11-22 周日; with the year when it is not this one, or when asked for by "year"; "short" leaves the weekday out."""
    if value is None or value == "":
        return "—"
    far = form == "year" or abs((value - timezone.now().date()).days) > 300
    text = f"{value:%Y-%m-%d}" if far else f"{value:%m-%d}"
    return text if form == "short" else f"{text} {weekday(value)}"


@register.filter
def clock(at: datetime | None, place: Any = None) -> str:
    """14:05 in the zone of `place`, a property: `{{ event.at|clock:request.property }}`."""
    return "—" if not at else f"{at.astimezone(_zone(place)):%H:%M}"


@register.filter
def moment(at: datetime | None, place: Any = None) -> str:
    """11-22 14:05 in the zone of `place`; with the year when it is not this one."""
    if not at:
        return "—"
    local = at.astimezone(_zone(place))
    same_year = local.year == timezone.now().astimezone(_zone(place)).year
    return f"{local:%m-%d %H:%M}" if same_year else f"{local:%Y-%m-%d %H:%M}"


def _zone(place: Any) -> ZoneInfo:
    return ZoneInfo(getattr(place, "timezone", None) or "Asia/Shanghai")


# ---------------------------------------------------------------- forms and toasts


@register.inclusion_tag("core/_field.html")
def field(bound: Any, label: Any = None, hide_label: bool = False) -> dict[str, Any]:
    """`{% field form.arrival %}`: label above, control, help below, error beside. `hide_label` keeps it for readers only."""
    return {
        "field": bound,
        "label": label if label is not None else bound.label,
        "hide_label": hide_label,
        "kind": getattr(bound.field.widget, "input_type", ""),
        "choice_list": getattr(bound.field.widget, "option_template_name", "").endswith("_option.html")
        and getattr(bound.field.widget, "input_type", "") in ("radio", "checkbox")
        and hasattr(bound.field, "choices"),
    }


@register.inclusion_tag("core/_form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary on top of a form, each line a link to its field."""
    return {"form": form}


@register.filter
def undo_url(message: Any) -> str:
    return htmx.undo_url_of(message)


@register.filter
def house_name(place: Any) -> str:
    """The name of a house (or of anything with `name` and `name_en`) in the language of the page."""
    english = getattr(place, "name_en", "")
    return english if english and get_language() == "en" else place.name
