"""门店 on screen."""

from datetime import date

from django.test import TestCase
from django.urls import reverse

from kezhan.people.tests.factories import make_house
from kezhan.properties.models import Property

NEW = {
    "code": "xihu-01", "name": "西湖店", "opened_date": "2026-11-22", "currency": "CNY", "timezone": "Asia/Shanghai",
    "edition": "HOTEL",
}  # fmt: skip


class PropertiesPagesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(group_rights=["properties.manage"])
        cls.other = make_house(group_rights=["policy.read"])

    def setUp(self):
        self.client.force_login(self.house.user)

    def test_only_the_houses_of_the_group(self):
        html = self.client.get(reverse("properties:houses")).content.decode()
        self.assertIn(self.house.property.name, html)
        self.assertNotIn(self.other.property.name, html)
        address = reverse("properties:house", args=[self.other.property.code])
        self.assertEqual(self.client.get(address).status_code, 404)
        self.assertEqual(self.client.post(address, NEW).status_code, 404)

    def test_open_change_close(self):
        self.assertEqual(self.client.get(reverse("properties:open_house")).status_code, 200)
        self.assertRedirects(
            self.client.post(reverse("properties:open_house"), NEW),
            reverse("properties:house", args=["xihu-01"]),
        )
        address = reverse("properties:house", args=["xihu-01"])
        self.client.post(address, NEW | {"name": "西湖边", "timezone": "Asia/Urumqi"})
        house = Property.objects.get(code="xihu-01")
        self.assertEqual(
            (house.group, house.name, house.timezone), (self.house.group, "西湖边", "Asia/Urumqi")
        )
        self.client.post(f"{address}close/", {"closed_date": "2027-01-01", "reason": "改造"})
        house.refresh_from_db()
        self.assertEqual(house.closed_date, date(2027, 1, 1))
        self.assertContains(self.client.get(address), "2027-01-01")

    def test_refusals_stay_in_the_form(self):
        for change in (
            {"code": self.other.property.code}, {"code": "西湖"}, {"timezone": "Mars/Base"}, {"currency": "元"},
        ):  # fmt: skip
            with self.subTest(change):
                answer = self.client.post(reverse("properties:open_house"), NEW | change)
                self.assertEqual(answer.status_code, 422)
        self.assertEqual(Property.objects.count(), 2)
        address = reverse("properties:close_house", args=[self.house.property.code])
        self.assertEqual(
            self.client.post(address, {"closed_date": "2019-01-01", "reason": "x"}).status_code, 422
        )

    def test_without_the_right(self):
        self.client.force_login(self.other.user)
        for name in ("properties:houses", "properties:open_house"):
            self.assertEqual(self.client.get(reverse(name)).status_code, 403)
