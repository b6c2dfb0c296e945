"""Bearer tokens: given once, kept as digests, limited to scopes, houses and an end."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import RequestFactory, TestCase
from django.utils import timezone

from kezhan.core.errors import InvalidInput, NotAllowed, NotFound
from kezhan.core.ids import token_digest
from kezhan.people import api as people
from kezhan.people import operations
from kezhan.people.models import ApiToken
from kezhan.people.rest import TokenAuth, require_scope

from .factories import NOON, give_rights, make_house, make_property, make_token, make_user


class TokenCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.house = make_house()
        cls.place = cls.house.property
        cls.other = make_property(cls.house.group)
        cls.stranger = make_house().property
        cls.token, cls.text = make_token(cls.place, ["people.read"])

    def caller(self, now=NOON):
        return people.authenticate_token(self.text, now=now)


class AuthenticateTests(TokenCase):
    def test_only_the_digest_is_stored(self):
        row = ApiToken.objects.values().get(pk=self.token.pk)
        self.assertEqual(row["digest"], token_digest(self.text))
        self.assertNotIn(self.text, str(row))

    def test_a_good_token_is_one_query(self):
        with self.assertNumQueries(1):
            caller = self.caller()
        self.assertEqual((caller.actor.kind, caller.actor.id), ("TOKEN", str(self.token.pk)))

    def test_unknown_ended_and_revoked_tokens_are_nobody(self):
        self.assertIsNone(people.authenticate_token("something", now=NOON))
        self.assertIsNotNone(self.caller(self.token.ends_at - timedelta(seconds=1)))
        self.assertIsNone(self.caller(self.token.ends_at))
        operations.revoke_token(token_id=self.token.pk, actor=self.house.actor, now=NOON)
        self.assertIsNone(self.caller())

    def test_it_may_do_its_scopes_in_its_houses_and_nothing_else(self):
        caller = self.caller()
        self.assertEqual(caller.place("people.read", self.place.code), self.place)
        with self.assertRaises(NotAllowed):
            caller.place("people.manage", self.place.code)
        for code in (self.other.code, self.stranger.code, "nowhere"):
            for right in ("people.read", "people.manage"):
                with self.assertRaises(NotFound):
                    caller.place(right, code)

    def test_one_for_all_houses_stays_in_its_group(self):
        ApiToken.objects.update(all_properties=True)
        self.assertEqual(self.caller().place("people.read", self.other.code), self.other)
        with self.assertRaises(NotFound):
            self.caller().place("people.read", self.stranger.code)

    def test_a_request_carries_the_actor(self):
        token, text = make_token(self.place, ["people.read"], now=timezone.now())
        request = RequestFactory().get("/", headers={"authorization": f"Bearer {text}"})
        self.assertEqual(TokenAuth()(request).token, token)
        self.assertEqual((request.actor.name, request.group), (token.name, self.house.group))
        self.assertEqual(require_scope(request, "people.read", self.place.code), self.place)
        without = RequestFactory().get("/")
        self.assertIsNone(TokenAuth()(without))
        self.assertFalse(hasattr(without, "caller"))
        self.assertIsNone(TokenAuth()(RequestFactory().get("/", headers={"authorization": "Bearer x"})))


class IssueTests(TokenCase):
    def issue(self, **given):
        given = {"name": "官网", "scopes": ["people.read"], "places": [self.place], "days": 9, **given}
        actor = given.pop(
            "actor", SimpleNamespace(kind="SYSTEM", id="t", name="t", origin="COMMAND", principal="")
        )
        return operations.issue_token(group=self.house.group, actor=actor, now=NOON, **given)

    def test_the_text_opens_and_is_not_the_prefix(self):
        token, text = self.issue()
        self.assertEqual(people.authenticate_token(text, now=NOON).token, token)
        self.assertIsNone(people.authenticate_token(token.prefix, now=NOON))
        self.assertEqual(token.ends_at, NOON + timedelta(days=9))

    def test_nonsense_is_refused_beside_its_field(self):
        for field, wrong in {
            "name": {"name": " "},
            "scopes": {"scopes": ["people.fly"]},
            "properties": {"places": [self.stranger]},
            "days": {"days": 0},
        }.items():
            with self.assertRaises(InvalidInput) as caught:
                self.issue(**wrong)
            self.assertEqual(list(caught.exception.fields), [field])
        with self.assertRaises(InvalidInput):
            self.issue(scopes=[])
        self.assertEqual(ApiToken.objects.count(), 1)

    def test_a_person_gives_no_token_more_than_they_hold(self):
        boss = make_user(self.house.group)
        give_rights(boss, ["people.manage_tokens"], None)
        with self.assertRaises(operations.BeyondYourOwn):
            self.issue(scopes=["people.manage_roles"], actor=boss.actor())


class CommandTests(TokenCase):
    def run_command(self, *arguments):
        out = StringIO()
        call_command("api_token", *arguments, stdout=out)
        return out.getvalue().strip()

    def create(self, *more):
        return self.run_command("create", "--name", "官网", "--scope", "people.read", "--days", "30", *more)

    def test_create_list_revoke(self):
        text = self.create("--property", self.place.code)
        caller = people.authenticate_token(text, now=timezone.now())
        self.assertEqual(caller.place("people.read", self.place.code), self.place)
        listed = self.run_command("list")
        self.assertIn(f"{text[:8]}\tGOOD", listed)
        self.assertNotIn(text, listed)
        self.run_command("revoke", text[:8])
        self.assertIsNone(people.authenticate_token(text, now=timezone.now()))

    def test_a_token_for_every_house_of_a_group(self):
        text = self.create("--all-properties", self.house.group.code)
        self.assertTrue(people.authenticate_token(text, now=timezone.now()).token.all_properties)

    def test_mistakes_are_explained(self):
        for wrong in (
            ["--property", "nowhere"],
            [],
            ["--property", self.place.code, "--scope", "people.fly"],
            ["--property", self.place.code, "--property", self.stranger.code],
        ):
            with self.assertRaises(CommandError):
                self.create(*wrong)
        with self.assertRaises(CommandError):
            self.run_command("revoke", "missing")
        self.assertEqual(ApiToken.objects.count(), 1)
