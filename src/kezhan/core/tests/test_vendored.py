"""What we ship of others is what the lock says, with its licence, and small."""

import json
import re
import sys
from pathlib import Path
from unittest import skipUnless

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parents[4]
TOOLS = ROOT / "tools"
LOCK = ROOT / "vendor.lock"


@skipUnless(LOCK.exists(), "an installed package has no lock")
class VendoredTests(SimpleTestCase):
    def setUp(self):
        sys.path.insert(0, str(TOOLS))
        self.addCleanup(sys.path.remove, str(TOOLS))

    def test_checksums(self):
        import vendor

        self.assertEqual(vendor.wrong(), [])

    def test_every_package_has_its_licence(self):
        entries = json.loads(LOCK.read_text(encoding="utf-8"))
        licensed = {entry["name"] for entry in entries if "/licenses/" in entry["file"]}
        self.assertEqual(licensed, {entry["name"] for entry in entries})

    def test_lock_holds_no_address(self):
        self.assertNotRegex(LOCK.read_text(encoding="utf-8"), r"https?:|registry")

    def test_templates_hold_no_inline_script_and_no_foreign_address(self):
        for page in (ROOT / "src").rglob("templates/**/*.html"):
            text = page.read_text(encoding="utf-8")
            with self.subTest(page.name):
                self.assertNotRegex(text, r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>")
                self.assertNotRegex(
                    text, re.compile(r"\son(?:click|change|submit|load|input)=", re.IGNORECASE)
                )
                self.assertNotRegex(text, r"(?:src|href)=[\"']https?:")
