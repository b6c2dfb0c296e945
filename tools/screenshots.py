"""The pictures of README and docs: the product as `kezhan run` starts it, with the demo hotel, in Chinese.

Run it from the clone: `.venv/bin/python tools/screenshots.py`. Needs Chromium; writes docs/images/*.png.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

from kezhan.cli import osdep  # noqa: E402
from kezhan.cli.addresses import free_port  # noqa: E402
from kezhan.cli.checks import browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
HOUSE = "p/qingshi-lane"
LIMIT_BYTES = 250_000
WIDE, PHONE = (1280, 800), (390, 844)


def main() -> int:
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kezhan-pictures-") as folder:
        port = free_port("127.0.0.1", 0)
        child = start(Path(folder), port)
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", child)
            accounts = json.loads((Path(folder) / "demo-accounts.json").read_text(encoding="utf-8"))
            with sync_playwright() as playwright:
                options = [*browser.ARGUMENTS, "--lang=zh-CN", "--hide-scrollbars"]
                chromium = playwright.chromium.launch(
                    executable_path=browser.executable(),
                    args=options,
                    env={**os.environ, "LANGUAGE": "zh_CN", "LC_ALL": "zh_CN.UTF-8"},
                )
                Photographer(chromium, f"http://127.0.0.1:{port}", accounts).take_all()
                chromium.close()
        finally:
            osdep.ask_group_to_stop(child)
            child.wait(timeout=15)
    return 0


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("KEZHAN_")}
    env["PYTHONPATH"] = str(ROOT / "src")
    command = [sys.executable, "-m", "kezhan.cli", "run", "--port", str(port), "--data", str(folder)]
    return osdep.start_group(command, env)


def wait_for(url: str, child: subprocess.Popen[bytes], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if child.poll() is not None:
            raise SystemExit("kezhan run ended before its first answer")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"no answer from {url}")


class Photographer:
    def __init__(self, chromium: Any, url: str, accounts: list[dict[str, str]]) -> None:
        self.chromium, self.url = chromium, url
        self.passwords = {account["username"]: account["password"] for account in accounts}

    def page(self, username: str, size: tuple[int, int]) -> Any:
        """That person's screen, signed in."""
        page = self.chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        ).new_page()  # fmt: skip
        page.goto(f"{self.url}/sign-in/")
        page.get_by_label("登录名").fill(username)
        page.get_by_label("密码", exact=True).fill(self.passwords[username])
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(f"{self.url}/")
        return page

    def open(self, page: Any, path: str) -> None:
        page.goto(f"{self.url}/{HOUSE}/{path}")
        page.wait_for_load_state("networkidle")

    def keep(self, page: Any, name: str) -> None:
        page.wait_for_load_state("networkidle")
        target = IMAGES / f"{name}.png"
        page.screenshot(path=target)
        size = target.stat().st_size
        print(f"{target.relative_to(ROOT)}  {size // 1000} kB")
        if size > LIMIT_BYTES:
            raise SystemExit(f"{target.name} is larger than {LIMIT_BYTES // 1000} kB")

    def take_all(self) -> None:
        desk = self.page("desk", WIDE)
        for name, path in (
            ("rack", "frontdesk/rack/"),
            ("chart", "frontdesk/chart/"),
            ("today", "frontdesk/"),
            ("night-audit", "frontdesk/night-audit/"),
            ("availability", "reservations/availability/"),
        ):
            self.open(desk, path)
            self.keep(desk, f"{name}-1280")
        self.open(desk, "frontdesk/rack/")
        desk.locator(".fd-OD, .fd-OC").first.click()
        desk.locator("#kz-sheet").get_by_role("heading").first.wait_for()
        self.keep(desk, "room-1280")
        self.folio(desk)
        link = self.booking()
        attendant = self.page("attendant", PHONE)
        self.open(attendant, "housekeeping/tasks/")
        self.keep(attendant, "housekeeping-390")
        phone = self.page("desk", PHONE)
        self.open(phone, "frontdesk/")
        self.keep(phone, "today-390")
        guest = self.chromium.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN"
        ).new_page()
        guest.goto(link)
        self.keep(guest, "voucher-390")

    def folio(self, desk: Any) -> None:
        """Of the first guest who leaves today: nights, extras, a deposit."""
        self.open(desk, "frontdesk/")
        desk.get_by_role("region", name="预离").locator("a.fd-line").first.click()
        desk.get_by_role("link", name="账单", exact=True).last.click()
        desk.get_by_role("heading", name="押金", exact=True).wait_for()
        self.keep(desk, "folio-1280")

    def booking(self) -> str:
        """The editor with a guest found and prices shown, then confirmed. Returns the guest's link."""
        page = self.page("booking", WIDE)
        self.open(page, "reservations/new/")
        page.get_by_label("到店", exact=True).fill("+5")
        page.get_by_label("离店", exact=True).fill("+8")
        page.get_by_label("房型").first.select_option(value="DKG")
        page.get_by_label("客源").select_option(value="FIT")
        page.get_by_label("查找客人").press_sequentially("王", delay=30)
        page.locator("#rsv-guests input[type=radio]").first.check()
        page.get_by_label("特别要求").fill("高楼层，安静")
        page.get_by_label("到店时间").fill("15:00")
        page.locator("#rsv-quote .kz-money").nth(3).wait_for()
        page.get_by_role("heading", name="新预订").click()
        page.wait_for_timeout(600)
        self.keep(page, "booking-1280")
        page.get_by_role("button", name="确认并发送凭证").click()
        link = page.locator(".rsv-link a")
        link.wait_for()
        return link.inner_text()


if __name__ == "__main__":
    sys.exit(main())
