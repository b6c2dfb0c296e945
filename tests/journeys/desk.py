"""A person in front of a screen of the product: what they see and press, by the words on it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

from .product import Product

# A refusal is an answer too: the browser notes its status as an error of loading, we do not.
REFUSED = re.compile(r"status of (404|409|422)")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Desk:
    """One browser session. `complaints` gathers what the browser complains of: errors, CSP, files that do not come."""

    def __init__(self, page: Any, product: Product) -> None:
        self.page, self.product = page, product
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("response", self._response)

    def _note(self, text: str) -> None:
        self.complaints.append(f"{self.page.url}: {text}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not REFUSED.search(message.text):
            self._note(message.text)

    def _response(self, answer: Any) -> None:
        if answer.status >= 500 or answer.status >= 400 and "/static/" in answer.url:
            self._note(f"{answer.status} {answer.url}")

    # ------------------------------------------------------------ going

    def address(self, path: str) -> str:
        return f"{self.product.url}/p/{self.product.told['code']}/{path}"

    def open(self, path: str) -> Any:
        """A page of the house."""
        answer = self.page.goto(self.address(path))
        assert answer.status == 200, (path, answer.status)
        return answer

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.product.url}/sign-in/")
        self.page.get_by_label("登录名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(self.product.told["passwords"][username])
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(f"{self.product.url}/")

    def press(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).click()

    def follow(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    # ------------------------------------------------------------ reading

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def main(self) -> str:
        """The words of the page itself, on one line."""
        return " ".join(self.page.locator("main").inner_text().split())

    def said(self) -> str:
        """What the last step told in a passing note."""
        note = self.page.locator("#kz-toasts .kz-toast").first
        note.wait_for()
        return note.inner_text()

    def pdf(self, address: str) -> str:
        """The words of a PDF of the product, without spaces: a PDF has none that can be relied on."""
        answer = self.page.request.get(address)
        assert answer.status == 200, (address, answer.status)
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(BytesIO(answer.body())).pages
        return "".join("".join(page.extract_text().split()) for page in pages)

    def too_wide(self) -> int:
        """Pixels by which the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def barriers(self, *, of_colour: bool = False) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA on the page as it stands; `of_colour`: of its contrast alone."""
        axe = Axe()
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe.axe_script)
        only = (
            {"type": "rule", "values": ["color-contrast"]} if of_colour else {"type": "tag", "values": WCAG}
        )
        found = self.page.evaluate(
            "options => axe.run(document, options).then(found => found.violations)",
            {"runOnly": only, "resultTypes": ["violations"]},
        )
        return [
            f"{self.page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]
        ]
