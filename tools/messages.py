"""Keep the English catalogues: extract, compile, check. Needs no GNU gettext.

    python tools/messages.py [app ...]           extract msgids (Chinese) from the app's py and html, update its
                                                 locale/en/LC_MESSAGES/django.po keeping what is translated, compile the .mo
    python tools/messages.py --check [app ...]   change nothing; fail on a msgid without English, a fuzzy or stale entry,
                                                 differing placeholders, a stale .mo, one Chinese text with two English ones,
                                                 or Chinese text that gettext never sees

Chinese that is data and no words of ours (a regular expression, a table of surnames) says so where it stands, with a
reason: `# no-translate: reason` (py), `{# no-translate: reason #}` (html) or `// no-translate: reason` (js) at the end of
its line, or `no-translate-file: reason` in a comment among the first ten lines of the file.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

HOUSE = Path(__file__).resolve().parent.parent / "src" / "kezhan"
KEYWORDS: dict = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
IDEOGRAPH = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]")
GETTEXT_CONSTANT = re.compile(r"""_\(((?:".*?")|(?:'.*?'))\)""")
TRANSLATE_TAG = re.compile(r"(?:blocktrans|blocktranslate|trans|translate)\b")
NOT_SHOWN = {"tests", "migrations", "vendor", "locale"}


# ---------------------------------------------------------------- reading the sources


def sources(app: Path, *suffixes: str) -> Iterator[Path]:
    for path in sorted(app.rglob("*")):
        if path.suffix in suffixes and not NOT_SHOWN & set(path.relative_to(app).parts):
            yield path


def messages_of(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """(msgid or (singular, plural), context) of every gettext call in a file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # What templatize leaves between the calls is no Python: without its indentation the tokenizer accepts it.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    for _line, name, found, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {}):
        parts = [part for part in (found if isinstance(found, tuple) else (found,)) if isinstance(part, str)]
        if not parts or not parts[0]:
            continue
        has_context = name is not None and name.lstrip("n").startswith("pgettext")
        context = parts.pop(0) if has_context else None
        if parts:
            plural = name is not None and name.startswith("n")
            yield ((parts[0], parts[1]) if plural and len(parts) > 1 else parts[0]), context


def extract(app: Path) -> Catalog:
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for path in sources(app, ".py", ".html"):
        for msgid, context in messages_of(path):
            catalog.add(msgid, locations=[(str(path.relative_to(app)), 1)], context=context)
    return catalog


# ---------------------------------------------------------------- the catalogue


def po_path(app: Path) -> Path:
    return app / "locale" / "en" / "LC_MESSAGES" / "django.po"


def stored(app: Path) -> Catalog:
    path = po_path(app)
    if not path.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en")


def po_text(catalog: Catalog) -> bytes:
    """The file without dates, line numbers and dead entries: it changes only when a message does."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, ignore_obsolete=True, include_lineno=False)
    head = (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        b'"Content-Transfer-Encoding: 8bit\\n"\n"Language: en\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return head + out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled form. Through the text, so that it is the same however the catalogue came about."""
    out = io.BytesIO()
    clean = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for message in read_po(io.BytesIO(po_text(catalog)), locale="en"):
        if message.id and not message.fuzzy and complete(message):
            clean.add(message.id, message.string, context=message.context)
    # Without fixed dates the header would hold this minute, and every build would differ.
    clean.creation_date = clean.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(out, clean)
    return out.getvalue()


def complete(message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(texts)


def merged(app: Path) -> Catalog:
    """What the sources ask for, with the translations that are there. Nothing is guessed from similar messages."""
    catalog = extract(app)
    known = stored(app)
    for message in catalog:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None and old.string and not old.fuzzy:
            message.string = old.string
    return catalog


def update(app: Path) -> list[str]:
    """Write the .po and .mo of one app; return what still has no English."""
    catalog = merged(app)
    path = po_path(app)
    if len(catalog) or path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_text(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(catalog))
    return [first(message) for message in catalog if message.id and not complete(message)]


def first(message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


# ---------------------------------------------------------------- the check


def check(app: Path) -> list[str]:
    wanted, known, path = extract(app), stored(app), po_path(app)
    problems = []
    if len(wanted) and not path.exists():
        problems.append(f"{path}: missing ({len(wanted)} messages)")
    for message in wanted:
        if message.id:
            problems += [f"{path}: {what}: {first(message)!r}" for what in faults(message, known)]
    if path.exists():
        asked = {(message.id, message.context) for message in wanted}
        dead = [message for message in known if message.id and (message.id, message.context) not in asked]
        problems += [f"{path}: no longer used: {first(message)!r}" for message in dead]
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != mo_bytes(known):
            problems.append(f"{compiled}: stale, run tools/messages.py {app.name}")
    return problems + [line for file in sources(app, ".py", ".html", ".js") for line in unseen(file)]


def faults(message, known: Catalog) -> Iterator[str]:
    """What is wrong with the translation of one message that the sources use."""
    entry = known.get(message.id, message.context)
    if entry is None or not complete(entry):
        yield "no English"
        return
    if entry.fuzzy:
        yield "fuzzy"
    names = set(PLACEHOLDER.findall(first(message)))
    texts = entry.string if isinstance(entry.string, tuple | list) else [entry.string]
    # The singular may leave the number out ("one room").
    if set(PLACEHOLDER.findall(texts[-1])) != names:
        yield "other placeholders than the Chinese"


def unseen(path: Path) -> list[str]:
    """Lines with Chinese text that no gettext call covers."""
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    if any("no-translate-file:" in line for line in lines[:10]):
        return []
    reader = {".py": unseen_in_python, ".html": unseen_in_template, ".js": unseen_in_script}[path.suffix]
    numbers = sorted({number for number in reader(text) if "no-translate:" not in lines[number - 1]})
    return [
        f"{path}:{number}: Chinese outside gettext: {lines[number - 1].strip()[:80]}" for number in numbers
    ]


def unseen_in_python(text: str) -> Iterator[int]:
    tree = ast.parse(text)
    covered: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in KEYWORDS:
                covered |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            covered.add(id(node.value))  # a docstring
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in covered:
            for number, line in enumerate((ast.get_source_segment(text, node) or "").split("\n")):
                if IDEOGRAPH.search(line):
                    yield node.lineno + number


def unseen_in_template(text: str) -> Iterator[int]:
    covered = commented = False
    for token in Lexer(text).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK:
            if name in ("comment", "endcomment"):
                commented = name == "comment"
            elif name in ("blocktrans", "blocktranslate", "endblocktrans", "endblocktranslate"):
                covered = not name.startswith("end")
        if commented or token.token_type == TokenType.COMMENT:
            continue
        rest = token.contents
        if token.token_type != TokenType.TEXT:
            rest = "" if TRANSLATE_TAG.match(rest) else GETTEXT_CONSTANT.sub("", rest)
        elif covered:
            continue
        for number, line in enumerate(rest.split("\n")):
            if IDEOGRAPH.search(line):
                yield token.lineno + number


def unseen_in_script(text: str) -> Iterator[int]:
    for number, line in enumerate(text.split("\n"), start=1):
        if IDEOGRAPH.search(line.split("//")[0]) and not line.lstrip().startswith(("*", "/*")):
            yield number


def disagreements(folders: list[Path]) -> list[str]:
    """Django lays the catalogues of all apps over each other: where two apps say one Chinese text differently, one of them
    shows the other's words. A text with two meanings needs a context (`pgettext`) or other Chinese.
    """
    said: dict[tuple, dict] = {}
    for app in folders:
        for message in stored(app):
            if message.id and complete(message):
                text = message.string if isinstance(message.string, str) else tuple(message.string)
                said.setdefault((first(message), message.context), {}).setdefault(text, []).append(app.name)
    return [
        f"{key[0]!r} has more than one English: "
        + "; ".join(f"{text!r} ({', '.join(w)})" for text, w in texts.items())
        for key, texts in sorted(said.items(), key=str)
        if len(texts) > 1
    ]


# ---------------------------------------------------------------- the command


def apps(names: list[str]) -> list[Path]:
    """Directories of the named apps, or of all that Django installs."""
    if not names:
        return sorted(path.parent for path in HOUSE.glob("*/apps.py"))
    unknown = [name for name in names if not (HOUSE / name / "apps.py").exists()]
    if unknown:
        raise SystemExit(f"no such app: {', '.join(unknown)}")
    return [HOUSE / name for name in names]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail when something is missing or stale"
    )
    parser.add_argument("apps", nargs="*", metavar="app")
    options = parser.parse_args(arguments)
    trouble = 0
    if options.check:
        lines = disagreements(apps([]))
        trouble += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "")
    for app in apps(options.apps):
        lines = (
            check(app) if options.check else [f"{app.name}: no English yet: {text!r}" for text in update(app)]
        )
        trouble += len(lines)
        for line in lines:
            print(line)
    if options.check:
        print(f"messages: {trouble} problem(s)" if trouble else "messages: complete")
        return 1 if trouble else 0
    print(f"messages: {trouble} without English" if trouble else "messages: complete")
    return 0


if __name__ == "__main__":
    sys.exit(main())
