"""A refusal reads the same in a page and in a fragment, with the operation's own status."""

from types import SimpleNamespace

from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.test import RequestFactory, SimpleTestCase

from kezhan.core import htmx
from kezhan.core.errors import ChangedMeanwhile, DomainError, NotAllowed
from kezhan.core.middleware import RefusalMiddleware


class Regulated(DomainError):
    code = "core.regulated"
    message = "少一位签字人"
    clause = "R-3.1(9)"


def request_for(path="/", *, by_htmx=False, **extra):
    request = RequestFactory().get(path)
    request.htmx = by_htmx
    request.session = {}
    request.__dict__.update(extra)
    return request


class RefusalTests(SimpleTestCase):
    def refuse(self, error, *, by_htmx=False):
        return RefusalMiddleware(lambda request: HttpResponse()).process_exception(
            request_for(by_htmx=by_htmx), error
        )

    def test_page_says_what_and_what_would_unlock_it(self):
        answer = self.refuse(NotAllowed(right="办理入住"))
        self.assertEqual(answer.status_code, 403)
        self.assertContains(answer, "您的岗位没有这项权限。", status_code=403)
        self.assertContains(answer, "需要“办理入住”权限", status_code=403)
        self.assertContains(answer, "<!doctype html>", status_code=403)

    def test_htmx_gets_a_fragment_that_lands_beside_the_page_not_in_its_target(self):
        answer = self.refuse(ChangedMeanwhile(), by_htmx=True)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(answer["HX-Retarget"], "#kz-refusals")
        self.assertEqual(answer["HX-Reswap"], "innerHTML")
        self.assertNotContains(answer, "<html", status_code=409)

    def test_the_clause_is_named(self):
        self.assertContains(self.refuse(Regulated(), by_htmx=True), "R-3.1(9)", status_code=409)

    def test_parameters_of_a_refusal_are_escaped(self):
        answer = self.refuse(NotAllowed(right="<script>alert(1)</script>"))
        self.assertNotContains(answer, "<script>alert", status_code=403)

    def test_a_fault_is_left_alone(self):
        self.assertIsNone(self.refuse(ValueError("fault")))

    def test_a_wrong_method_is_told_in_words_and_keeps_allow(self):
        middleware = RefusalMiddleware(lambda request: HttpResponseNotAllowed(["POST"]))
        answer = middleware(request_for())
        self.assertEqual((answer.status_code, answer["Allow"]), (405, "POST"))
        self.assertContains(answer, "这个地址不能直接打开。", status_code=405)

    def test_the_house_worked_in_is_remembered(self):
        request = request_for()

        def view(request):
            request.property = SimpleNamespace(code="bund")
            return HttpResponse()

        RefusalMiddleware(view)(request)
        self.assertEqual(request.session, {"property_code": "bund"})


class HtmxTests(SimpleTestCase):
    def test_redirect_fits_the_asker(self):
        plain = htmx.to(request_for(), "/rooms/")
        self.assertEqual((plain.status_code, plain["Location"]), (302, "/rooms/"))
        fragment = htmx.to(request_for(by_htmx=True), "/rooms/")
        self.assertEqual((fragment.status_code, fragment["HX-Redirect"]), (204, "/rooms/"))

    def test_redirect_adds_the_house_in_view(self):
        request = request_for(property=SimpleNamespace(code="bund"))
        self.assertEqual(htmx.redirect(request, "website:home")["Location"], "/")

    def test_triggers_are_ascii(self):
        answer = htmx.render_fragment(request_for(), "core/_brand.html", triggers={"room": "客"})
        self.assertEqual(answer["HX-Trigger"], r'{"room": "\u5ba2"}')

    def test_toast_offers_undo(self):
        message = SimpleNamespace(extra_tags="undo:/undo/7/", level_tag="success", message="done")
        self.assertEqual(htmx.undo_url_of(message), "/undo/7/")
        html = render_to_string("core/_toasts.html", {"messages": [message]})
        self.assertInHTML('<button class="kz-toast-undo">撤销</button>', html)
