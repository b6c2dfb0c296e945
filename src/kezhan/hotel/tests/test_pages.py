"""设置 › 房型与房间."""

from django.test import TestCase

from kezhan.hotel import api as hotel

from .factories import make_hotel


class RoomsPageTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_hotel(["hotel.read", "hotel.manage"])
        cls.root = f"/p/{cls.house.place.code}/hotel/"
        cls.other = make_hotel()

    def setUp(self):
        self.client.force_login(self.house.user)

    def room(self, **given):
        return {"number": "303", "room_type": "STD", "floor": "3", "opened_date": "2026-11-22"} | given

    def test_lists_types_and_rooms_with_code_and_word(self):
        page = self.client.get(f"{self.root}rooms/")
        for words in ("KING", "101", "202", "VI", "空净已查"):
            self.assertContains(page, words)

    def test_adds_a_type_and_a_room(self):
        sent = {"code": "twin", "name": "双床房", "max_adults": "2", "max_guests": "3", "position": "0"}
        self.assertRedirects(self.client.post(f"{self.root}types/new/", sent), f"{self.root}rooms/")
        self.client.post(f"{self.root}rooms/new/", self.room(room_type="TWIN"))
        self.assertEqual(hotel.room_by_number(self.house.place, "303").room_type.name, "双床房")

    def test_a_number_that_is_taken_is_refused_in_the_form(self):
        answer = self.client.post(f"{self.root}rooms/new/", self.room(number="101"))
        self.assertContains(answer, "房号 101 已经有了。", status_code=422)
        self.assertEqual(hotel.rooms_of(self.house.place).count(), 4)

    def test_retires_a_room(self):
        sent = {"retired_date": "2026-12-01", "reason": "改作仓库"}
        self.assertRedirects(self.client.post(f"{self.root}rooms/102/retire/", sent), f"{self.root}rooms/")
        self.assertEqual(str(hotel.room_by_number(self.house.place, "102").retired_date), "2026-12-01")
        refused = self.client.post(f"{self.root}types/STD/retire/", sent)
        self.assertContains(refused, "还有 1 间房属于这个房型", status_code=422)

    def test_another_house_is_not_found(self):
        self.assertEqual(self.client.get(f"/p/{self.other.place.code}/hotel/rooms/").status_code, 404)
        self.assertEqual(self.client.get(f"{self.root}rooms/999/retire/").status_code, 404)

    def test_a_reader_sees_and_changes_nothing(self):
        reader = make_hotel(["hotel.read"])
        self.client.force_login(reader.user)
        root = f"/p/{reader.place.code}/hotel/"
        self.assertNotContains(self.client.get(f"{root}rooms/"), "新增房间")
        for step in ("rooms/new/", "types/new/", "rooms/101/retire/", "types/STD/retire/"):
            self.assertEqual(self.client.post(root + step, {}).status_code, 403)

    def test_the_top_bar_shows_the_business_date(self):
        self.assertContains(self.client.get(f"{self.root}rooms/"), "11-22")
