"""The second step: an authenticator app from set-up to sign-in, its secret sealed, and one's own passkeys."""

from __future__ import annotations

import base64
import json
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client, TestCase

from kezhan.core import crypto
from kezhan.people.queries import key_handle

from .factories import PASSWORD, make_house


def code_for(secret, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


class SecondStepTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_house(password=PASSWORD).user

    def setUp(self):
        cache.clear()
        self.sign_in(self.client)

    def sign_in(self, client):
        return client.post("/sign-in/", {"login": self.user.username, "password": PASSWORD})

    def set_up(self):
        """Set-up asks for the password first; returns the secret the app was given."""
        page = self.client.get("/account/security/app/")
        self.assertRedirects(page, "/account/confirm/?next=/account/security/app/")
        self.client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/security/app/"})
        secret = self.client.get("/account/security/app/").context["form"].secret
        answer = self.client.post("/account/security/app/", {"code": code_for(secret)})
        self.assertRedirects(answer, "/account/security/codes/")
        return secret

    def test_set_up_shows_a_code_to_scan_and_recovery_codes(self):
        self.client.get("/account/security/app/")
        self.client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/security/app/"})
        page = self.client.get("/account/security/app/")
        self.assertContains(page, "data:image/svg+xml;base64,")
        self.assertIn('xmlns="http://www.w3.org/2000/svg"', page.context["totp_svg"])
        secret = self.client.get("/account/security/app/").context["form"].secret
        self.client.post("/account/security/app/", {"code": code_for(secret)})
        self.assertContains(self.client.get("/account/security/codes/"), "还有 10 个")
        self.assertContains(self.client.get("/account/security/"), "已启用")

    def test_the_secret_is_sealed_in_the_table(self):
        secret = self.set_up()
        stored = Authenticator.objects.get(type="totp").data
        self.assertNotIn(secret, json.dumps(stored))
        opened = crypto.decrypt(base64.b64decode(stored["secret"]), bound_to="mfa_authenticator.data")
        self.assertEqual(opened, secret)

    def test_sign_in_then_asks_for_the_code(self):
        secret = self.set_up()
        elsewhere = Client()
        self.assertRedirects(self.sign_in(elsewhere), "/sign-in/second-step/")
        self.assertEqual(elsewhere.get("/account/security/").status_code, 302)
        self.assertContains(elsewhere.post("/sign-in/second-step/", {"code": "000000"}), "验证码不对")
        cache.clear()
        elsewhere.post("/sign-in/second-step/", {"code": code_for(secret, 1)})
        self.assertEqual(elsewhere.get("/account/security/").status_code, 200)

    def test_a_recovery_code_opens_once(self):
        self.set_up()
        code = self.client.get("/account/security/codes/").context["unused_codes"][0]
        for expected in (True, False):
            client = Client()
            self.sign_in(client)
            client.post("/sign-in/second-step/", {"code": code})
            self.assertEqual("_auth_user_id" in client.session, expected)

    def test_the_second_step_cannot_be_opened_without_the_first(self):
        self.assertRedirects(Client().get("/sign-in/second-step/"), "/sign-in/")

    def test_codes_are_a_file_that_is_not_kept_by_the_browser(self):
        self.set_up()
        answer = self.client.get("/account/security/codes/file/")
        self.assertIn("attachment", answer["Content-Disposition"])
        self.assertIn("no-store", answer["Cache-Control"])

    def test_it_is_removed_after_confirming(self):
        self.set_up()
        self.assertEqual(self.client.get("/account/security/app/remove/").status_code, 200)
        self.client.post("/account/security/app/remove/")
        self.assertFalse(self.user.authenticator_set.filter(type="totp").exists())

    def test_pages_of_passkeys_open(self):
        self.client.get("/account/security/keys/add/")
        self.client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/security/keys/add/"})
        page = self.client.get("/account/security/keys/add/")
        self.assertContains(page, "creation_options")
        self.assertContains(self.client.get("/account/security/keys/"), "还没有通行密钥")
        options = Client().get("/sign-in/passkey/", headers={"accept": "application/json"}).json()
        self.assertIn("challenge", options["request_options"]["publicKey"])

    def test_ones_own_passkey_is_named_by_a_handle_and_another_persons_is_not_found(self):
        key = self.user.authenticator_set.create(
            type="webauthn", data={"name": "手机", "credential": {}, "passwordless": False}
        )
        stranger = make_house().user.authenticator_set.create(
            type="webauthn", data={"name": "x", "credential": {}}
        )
        page = self.client.get("/account/security/keys/")
        self.assertContains(page, f"/account/security/keys/{key_handle(key)}/remove/")
        self.assertEqual(
            self.client.get(f"/account/security/keys/{key_handle(stranger)}/remove/").status_code, 404
        )
        address = f"/account/security/keys/{key_handle(key)}/remove/"
        self.assertRedirects(self.client.get(address), f"/account/confirm/?next={address}")
        self.client.post("/account/confirm/", {"password": PASSWORD, "next": address})
        self.client.post(address)
        self.assertFalse(self.user.authenticator_set.filter(pk=key.pk).exists())

    def test_signing_out_asks_and_ends_the_session(self):
        self.assertContains(self.client.get("/sign-out/"), "退出登录")
        self.assertRedirects(self.client.post("/sign-out/"), "/sign-in/")
        self.assertNotIn("_auth_user_id", self.client.session)
