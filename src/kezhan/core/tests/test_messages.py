"""The tool that keeps the English catalogues finds what it should."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless

from django.test import SimpleTestCase

TOOLS = Path(__file__).resolve().parents[4] / "tools"

PAGE = """{% extends "a.html" %}
  {% if x %}<b title="{% translate '房号' %}">don't</b>{% endif %}
    {% blocktranslate trimmed count n=rooms %}
      {{ n }} 间
    {% plural %}
      {{ n }} 间
    {% endblocktranslate %}
  {{ y|default:_("无") }}
"""


@skipUnless((TOOLS / "messages.py").exists(), "an installed package has no tools")
class MessagesTests(SimpleTestCase):
    def setUp(self):
        sys.path.insert(0, str(TOOLS))
        self.addCleanup(sys.path.remove, str(TOOLS))
        import messages

        self.tool = messages
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.app = Path(folder.name)
        (self.app / "templates").mkdir()
        self.write("templates/page.html", PAGE)
        self.write("words.py", '"""Docs 说明."""\nA = _("甲 %(n)s")\n')

    def write(self, name, text):
        (self.app / name).write_text(text, encoding="utf-8")

    def translate(self, texts):
        catalog = self.tool.merged(self.app)
        for message in catalog:
            if message.id:
                message.string = texts[self.tool.first(message)]
        self.tool.po_path(self.app).parent.mkdir(parents=True, exist_ok=True)
        self.tool.po_path(self.app).write_bytes(self.tool.po_text(catalog))

    GOOD = {"房号": "Room", "%(n)s 间": ("one room", "%(n)s rooms"), "无": "none", "甲 %(n)s": "A %(n)s"}

    def test_every_form_is_found(self):
        found = {self.tool.first(message) for message in self.tool.extract(self.app) if message.id}
        self.assertEqual(found, set(self.GOOD))

    def test_complete_after_translation_and_compilation(self):
        self.translate(self.GOOD)
        self.assertEqual(self.tool.update(self.app), [])
        self.assertEqual(self.tool.check(self.app), [])

    def test_compiled_file_does_not_depend_on_the_clock(self):
        """Its header once held the minute it was made in, so that it was stale a minute later."""
        self.translate(self.GOOD)
        self.tool.update(self.app)
        compiled = self.tool.po_path(self.app).with_suffix(".mo").read_bytes()
        self.assertIn(b"POT-Creation-Date: 2000-01-01", compiled)
        self.assertNotIn(str(datetime.now(UTC).year).encode(), compiled)

    def test_missing_english(self):
        self.tool.update(self.app)
        self.assertEqual(sum("no English" in line for line in self.tool.check(self.app)), 4)

    def test_stale_compiled_file(self):
        self.translate(self.GOOD)
        self.tool.update(self.app)
        self.translate({**self.GOOD, "无": "nothing"})
        self.assertEqual([line for line in self.tool.check(self.app) if "stale" not in line], [])
        self.assertEqual(len(self.tool.check(self.app)), 1)

    def test_other_placeholders(self):
        self.translate({**self.GOOD, "甲 %(n)s": "A"})
        self.tool.update(self.app)
        self.assertIn("other placeholders", self.tool.check(self.app)[0])

    def test_text_that_gettext_never_sees(self):
        self.translate(self.GOOD)
        self.tool.update(self.app)
        self.write("more.py", 'B = f"房 {x}"\nC = "乙"  # no-translate: data\n')
        self.write("templates/more.html", "<p>裸露</p>\n{{ x|default:'空' }}\n{# 注释 #}\n")
        problems = [
            line.partition(": Chinese")[0][len(str(self.app)) + 1 :] for line in self.tool.check(self.app)
        ]
        self.assertEqual(problems, ["more.py:1", "templates/more.html:1", "templates/more.html:2"])

    def test_a_message_no_longer_used(self):
        self.translate(self.GOOD)
        self.tool.update(self.app)
        self.write("words.py", "")
        self.assertIn("no longer used", self.tool.check(self.app)[0])
