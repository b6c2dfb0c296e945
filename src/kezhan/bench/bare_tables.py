"""The tables of the bare application: as small as tables of any use can be."""

from __future__ import annotations

from typing import Any

from django.db import models

ROOMS, DAYS, ROWS = 500, 365, 20_000


class Booking(models.Model):
    """40 rows a room, asked for by room."""

    room = models.IntegerField(db_index=True)
    arrive = models.IntegerField()
    depart = models.IntegerField()
    guest = models.CharField(max_length=40)
    price = models.IntegerField()

    objects: models.Manager[Booking] = models.Manager()

    class Meta:
        app_label = "bench"


class Night(models.Model):
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT)
    day = models.IntegerField()

    objects: models.Manager[Night] = models.Manager()

    class Meta:
        app_label = "bench"


def prepare(connection: Any) -> None:
    """Make and fill them in a database of the bench."""
    with connection.schema_editor() as editor:
        editor.create_model(Booking)
        editor.create_model(Night)
    Booking.objects.bulk_create(
        [
            Booking(room=n % ROOMS, arrive=n % DAYS, depart=n % DAYS + 3, guest=f"guest{n}", price=30000)
            for n in range(ROWS)
        ],
        batch_size=2000,
    )
