"""Home page, frame, errors, health."""

import json
from unittest.mock import patch

from django.test import Client, RequestFactory, TestCase
from django.urls import resolve

from kezhan.core.home import CARDS, STEPS, FirstStep, HomeCard
from kezhan.people.tests.factories import make_house, make_property
from kezhan.website import errors, machines


class HomeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(code="bund", name="外滩店", name_en="The Bund")

    def setUp(self):
        self.client.force_login(
            self.house.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    def register(self, card):
        CARDS.register(card.key, card)
        self.addCleanup(CARDS._entries.pop, card.key)

    def test_a_stranger_is_sent_to_sign_in(self):
        answer = Client().get("/")
        self.assertEqual((answer.status_code, answer["Location"]), (302, "/sign-in/?next=/"))

    def test_greets_and_names_the_house(self):
        answer = self.client.get("/")
        self.assertContains(answer, self.house.user.name)
        self.assertContains(answer, "外滩店")
        self.assertContains(answer, '<html lang="zh-Hans"')

    def test_a_card_is_shown_to_holders_of_its_right_only(self):
        self.register(HomeCard("t1", "people.read", 1, "core/_brand.html", lambda request, place: {}))
        self.assertNotContains(self.client.get("/"), 'id="card-t1"')
        other = make_house(["people.read"], group_rights=["people.read"])
        self.client.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.assertContains(self.client.get("/"), 'id="card-t1"')

    def test_a_card_with_nothing_to_say_is_left_out(self):
        other = make_house(["people.read"], group_rights=["people.read"])
        self.client.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.register(HomeCard("t2", "people.read", 1, "core/_brand.html", lambda request, place: None))
        self.assertNotContains(self.client.get("/"), 'id="card-t2"')

    def test_first_steps_are_shown_until_they_are_done(self):
        done = []
        step = FirstStep(
            "t3", "people.read", 1, "建房型", "先有房型", "website:home", lambda place: bool(done)
        )
        STEPS.register(step.key, step)
        self.addCleanup(STEPS._entries.pop, step.key)
        self.assertNotContains(self.client.get("/"), "建房型")
        other = make_house(["people.read"], group_rights=["people.read"])
        self.client.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.assertContains(self.client.get("/"), '<a href="/">建房型</a>', html=True)
        done.append(True)
        self.assertNotContains(self.client.get("/"), "建房型")

    def test_a_refused_person_keeps_the_navigation(self):
        answer = self.client.get("/p/elsewhere/hotel/rooms/")
        self.assertContains(answer, 'class="kz-top"', status_code=404)

    def test_no_search_box_without_a_search(self):
        with patch("kezhan.core.shell._search_url_name", ""):
            self.assertNotContains(self.client.get("/"), 'role="search"')

    def test_language_is_switched_by_post_and_kept(self):
        answer = self.client.post("/language/", {"language": "en", "next": "/"})
        self.assertEqual((answer.status_code, answer["Location"]), (302, "/"))
        page = self.client.get("/")
        self.assertContains(page, '<html lang="en"')
        self.assertContains(page, "The Bund")

    def test_theme_of_the_cookie_is_drawn_by_the_server(self):
        self.client.cookies["kezhan_theme"] = "dark"
        self.assertContains(self.client.get("/"), 'data-bs-theme="dark"')
        self.client.cookies["kezhan_theme"] = '"><script>'
        self.assertNotContains(self.client.get("/"), "data-bs-theme=")

    def test_another_house_of_ones_own_can_be_chosen_a_strange_one_not(self):
        second = make_property(self.house.group, "lake", name="西湖店")
        strange = make_house(code="strange")
        self.assertEqual(
            self.client.post("/choose-property/", {"property": strange.property.code}).status_code, 404
        )
        self.assertEqual(self.client.post("/choose-property/", {"property": second.code}).status_code, 404)
        from kezhan.people.tests.factories import give_rights

        give_rights(self.house.user, [], second)
        self.client.post("/choose-property/", {"property": "lake"})
        self.assertEqual(self.client.session["property_code"], "lake")

    def test_pages_carry_the_policy_of_content(self):
        policy = self.client.get("/")["Content-Security-Policy"]
        self.assertIn("script-src 'self'", policy)
        self.assertNotIn("unsafe-eval", policy)


class ErrorTests(TestCase):
    def test_404_in_the_product_s_words(self):
        answer = self.client.get("/no-such-page/")
        self.assertContains(answer, "没有找到", status_code=404)
        self.assertContains(
            self.client.get("/no-such-page/", headers={"accept-language": "en"}), "Not found", status_code=404
        )

    def test_404_for_htmx_is_a_fragment_beside_the_page(self):
        answer = self.client.get("/no-such-page/", headers={"hx-request": "true"})
        self.assertEqual((answer.status_code, answer["HX-Retarget"]), (404, "#kz-refusals"))
        self.assertNotContains(answer, "<html", status_code=404)

    def test_404_under_api_is_a_problem(self):
        answer = self.client.get("/api/nothing")
        self.assertEqual((answer.status_code, answer["Content-Type"]), (404, "application/problem+json"))
        self.assertEqual(answer.json()["code"], "core.not_found")

    def test_a_form_without_token_is_explained(self):
        answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
        self.assertContains(answer, "页面已过期", status_code=403)

    def test_a_wrong_method_is_explained(self):
        answer = self.client.get("/language/")
        self.assertContains(answer, "这个地址不能直接打开。", status_code=405)
        self.assertEqual(answer["Allow"], "POST")

    def test_500_needs_nothing_that_may_have_failed(self):
        with self.assertNumQueries(0):
            answer = errors.server_error(RequestFactory().get("/"))
        self.assertContains(answer, "服务器出错了", status_code=500)
        self.assertEqual(errors.server_error(RequestFactory().get("/api/v1/x")).status_code, 500)

    def test_lock_out_says_what_to_do(self):
        request = RequestFactory().post("/sign-in/")
        self.assertContains(errors.locked_out(request), "请等半小时", status_code=429)

    def test_a_strange_host_is_refused(self):
        with self.settings(ALLOWED_HOSTS=["hotel.example"]):
            self.assertEqual(
                self.client.get("/api/v1/openapi.json", headers={"host": "evil.example"}).status_code, 400
            )
            self.assertEqual(self.client.get("/healthz", headers={"host": "10.0.0.7"}).status_code, 200)

    def test_robots_are_turned_away(self):
        self.assertContains(self.client.get("/robots.txt"), "Disallow: /")


class HealthTests(TestCase):
    def test_healthz_asks_nothing(self):
        with self.assertNumQueries(0):
            answer = self.client.get("/healthz")
        self.assertEqual((answer.status_code, answer.json()), (200, {"status": "ok"}))

    def ready(self, *, worker=True, scheduler=True, migrated=True, database=True):
        with (
            patch.object(machines.outbox, "alive", return_value=worker),
            patch.object(machines.outbox, "scheduler_alive", return_value=scheduler),
            patch.object(machines, "migrated", return_value=migrated),
            patch.object(machines, "database_answers", return_value=database),
        ):
            answer = self.client.get("/readyz")
        return answer.status_code, json.loads(answer.content)["checks"]

    def test_ready_when_every_part_is(self):
        status, checks = self.ready()
        self.assertEqual((status, set(checks.values())), (200, {"ok"}))

    def test_not_ready_without_worker_migration_or_database(self):
        for part in ("worker", "scheduler", "migrated", "database"):
            self.assertEqual(self.ready(**{part: False})[0], 503, part)

    def test_a_real_answer_of_a_fresh_database(self):
        answer = self.client.get("/readyz")
        self.assertEqual(answer.json()["checks"]["database"], "ok")
        self.assertEqual(answer.json()["checks"]["migrations"], "ok")
        self.assertEqual(answer.json()["checks"]["worker"], "failed")


class FastLaneTests(TestCase):
    def test_a_session_opens_nothing_under_api(self):
        house = make_house(["people.read"])
        self.client.force_login(house.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.assertEqual(self.client.get("/api/v1/properties/").status_code, 401)

    def test_machines_pay_for_no_session_and_get_no_cookie(self):
        self.client.cookies["sessionid"] = "of-somebody"
        with self.assertNumQueries(0):
            answer = self.client.get("/healthz")
        self.assertEqual(
            (answer.status_code, dict(answer.cookies), answer.has_header("Vary")), (200, {}, False)
        )

    def test_the_language_of_a_page_does_not_leak_into_the_next_answer(self):
        self.client.get("/sign-in/", headers={"accept-language": "en"})
        self.assertEqual(self.client.get("/api/nothing").json()["title"], "没有找到")
        self.assertEqual(
            self.client.get("/api/nothing", headers={"accept-language": "en"}).json()["title"], "Not found"
        )

    def test_machine_views_are_public_or_by_token(self):
        from kezhan.core.door import policy_of

        for path in ("/healthz", "/readyz"):
            self.assertEqual(policy_of(resolve(path).func).kind, "public")
