"""A group and a house with dull data."""

from datetime import UTC, date, datetime
from itertools import count

from kezhan.properties.models import Group, Property

OPENED = date(2020, 1, 1)
_numbers = count(1)


def make_group(code: str = "") -> Group:
    code = code or f"group-{next(_numbers)}"
    return Group.objects.create(code=code, name=f"集团 {code}", created_at=datetime(2020, 1, 1, tzinfo=UTC))


def make_property(group: Group | None = None, code: str = "", **fields) -> Property:
    code = code or f"house-{next(_numbers)}"
    return Property.objects.create(
        group=group or make_group(), code=code, **{"name": f"门店 {code}", "opened_date": OPENED, **fields}
    )
