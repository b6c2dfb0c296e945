"""设置/参数 on screen: values with their origin, changes with their refusals."""

from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kezhan.people.tests.factories import make_house
from kezhan.policy import api as policy
from kezhan.policy.tests.declared import forget_test_parameters, with_test_parameters
from kezhan.properties import api as properties


class PolicyPagesTest(TestCase):
    @classmethod
    def setUpClass(cls):
        with_test_parameters()
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        forget_test_parameters()

    @classmethod
    def setUpTestData(cls):
        cls.house = make_house(group_rights=["policy.read", "policy.change"])
        cls.reader = make_house(group_rights=["policy.read"])
        cls.nobody = make_house(group_rights=["audit.read"])
        cls.today = properties.local_date(cls.house.property, timezone.now())

    def get(self, name, *args, user=None, **query):
        self.client.force_login(user or self.house.user)
        return self.client.get(reverse(name, args=args), query)

    def post(self, key, user=None, house=None, **data):
        self.client.force_login(user or self.house.user)
        data = {"effective_date": self.today.isoformat(), "reason": "试行"} | data
        query = f"?house={house.code}" if house else ""
        return self.client.post(reverse("policy:set", args=[key]) + query, data)

    def value(self, key, place=None):
        return policy.value(key, property=place or self.house.property, on=self.today)

    def test_the_list_shows_every_parameter_with_its_origin(self):
        html = self.get("policy:parameters").content.decode()
        for _key, parameter in policy.PARAMETERS:
            self.assertIn(str(parameter.label), html)
        self.assertIn("24 小时", html)
        self.assertIn("出厂值", html)

    def test_a_change_takes_effect_and_stays_in_the_history(self):
        place = self.house.property
        answer = self.post("t_hours", house=place, value="6", reason="旺季")
        self.assertRedirects(answer, reverse("policy:parameter", args=["t_hours"]) + f"?house={place.code}")
        self.assertEqual(self.value("t_hours"), 6)
        html = self.get("policy:parameter", "t_hours", house=place.code).content.decode()
        for text in ("6 小时", "旺季", self.house.user.name, "沿用上一级"):
            self.assertIn(text, html)
        self.post("t_hours", house=place, give_up="on")
        self.assertEqual(self.value("t_hours"), 24)

    def test_outside_law_is_refused_with_the_citation(self):
        answer = self.post("t_law", value="25")
        self.assertContains(answer, "旅馆业治安管理办法第六条", status_code=422)
        self.assertContains(answer, "≤ 24", status_code=422)
        self.assertFalse(policy.ParameterValue.objects.exists())

    def test_outside_the_advice_is_taken_with_a_warning(self):
        address = reverse("policy:parameter", args=["t_percent"])
        for value, warned in (("20", False), ("21", True)):
            self.post("t_percent", value=value)
            self.assertEqual("超出建议范围 ≤ 20 %" in self.client.get(address).content.decode(), warned)

    def test_the_past_and_nonsense_are_refused(self):
        for data in (
            {"value": "6", "effective_date": (self.today - timedelta(days=1)).isoformat()},
            {"value": "soon"}, {"value": ""}, {"value": "6", "reason": ""},
        ):  # fmt: skip
            with self.subTest(data):
                self.assertEqual(self.post("t_hours", **data).status_code, 422)
        self.assertFalse(policy.ParameterValue.objects.exists())

    def test_every_kind_can_be_set_as_it_is_shown(self):
        for _key, parameter in policy.PARAMETERS:
            form = self.get("policy:parameter", parameter.key).context["form"]
            with self.subTest(parameter.key):
                answer = self.post(parameter.key, value=form["value"].value())
                self.assertEqual(answer.status_code, 302)
                stored = policy.ParameterValue.objects.get(parameter=parameter.key)
                self.assertEqual(parameter.typed(stored.value), parameter.typed_default)

    def test_who_may_only_read_sees_no_form_and_cannot_post(self):
        user = self.reader.user
        self.assertContains(self.get("policy:parameter", "t_hours", user=user), "您可以查看")
        self.assertEqual(self.post("t_hours", user=user, value="6").status_code, 403)
        self.assertEqual(self.get("policy:parameters", user=self.nobody.user).status_code, 403)
        self.assertFalse(policy.ParameterValue.objects.exists())

    def test_another_groups_house_is_not_found(self):
        other = self.reader.property
        self.assertEqual(self.get("policy:parameters", house=other.code).status_code, 404)
        self.assertEqual(self.post("t_hours", house=other, value="6").status_code, 404)
        self.assertEqual(self.get("policy:parameter", "no_such").status_code, 404)
        self.assertFalse(policy.ParameterValue.objects.exists())

    def test_the_list_costs_two_queries_whatever_the_number_of_parameters(self):
        policy.set_value(
            "t_hours", 6, property=self.house.property, effective_date=self.today, today=self.today, reason="试行",
            actor=self.house.actor, now=timezone.now(),
        )  # fmt: skip
        self.get("policy:parameters", house=self.house.property.code)
        with CaptureQueriesContext(connection) as captured:
            self.get("policy:parameters", house=self.house.property.code)
        ours = [query["sql"] for query in captured if 'FROM "policy_' in query["sql"]]
        self.assertEqual(len(ours), 2, ours)
