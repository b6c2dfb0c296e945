"""Fetch the front-end files we ship and write their lock. For maintainers; nobody else needs npm.

    python tools/vendor.py            fetch every package, extract the listed files, rebuild sprite and font, write the lock
    python tools/vendor.py --verify   recompute the checksums of what is committed (the test suite does this too)

The lock holds name, version, file and sha256, and no address: `npm pack` asks the registry the machine is set up with.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "kezhan" / "core" / "static" / "core" / "vendor"
FONTS = ROOT / "src" / "kezhan" / "core" / "fonts_data"
LOCK = ROOT / "vendor.lock"

# Drawn into one sprite, since whole icon fonts weigh 17 MB; the names are those that `{% icon %}` takes.
ICONS = (Path(__file__).resolve().parent / "icons.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Package:
    """`files` maps the path inside the package to the name under vendor/; `licence` likewise, or "" to keep ours."""

    name: str
    version: str
    files: dict[str, str] = field(default_factory=dict)
    licence: str = "LICENSE"

    @property
    def licence_name(self) -> str:
        return f"licenses/{self.name.strip('@').replace('/', '-')}.txt"


PACKAGES = [
    Package("htmx.org", "4.0.1", {"dist/htmx.min.js": "htmx.min.js"}),
    # Ships no licence file of its own; the MIT text with the names of its banner is kept in vendor/licenses.
    Package("@tabler/core", "1.6.1", {"dist/css/tabler.min.css": "tabler.min.css"}, licence=""),
    Package("@tabler/icons", "3.51.0"),
    Package("@fontsource-variable/noto-sans-sc", "5.3.1"),
]


def pack(package: Package) -> dict[str, bytes]:
    """Every file of the package, by its path inside. Raises CalledProcessError when npm cannot fetch it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            f"{package.name}@{package.version}",
            "--silent",
            "--pack-destination",
            folder,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            members = [member for member in tar.getmembers() if member.isfile()]
            return {m.name.partition("/")[2]: tar.extractfile(m).read() for m in members}  # type: ignore[union-attr]


def sprite(files: dict[str, bytes]) -> bytes:
    """One SVG with a <symbol> for each icon, referred to by `<use href="icons.svg#bed">`."""
    symbols = []
    for name in sorted(ICONS):
        drawing = files[f"icons/outline/{name}.svg"].decode()
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", drawing)
        body = "".join(shape.replace(" />", "/>") for shape in shapes if "M0 0h24v24H0z" not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def write(path: Path, content: bytes, origin: Package, entries: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    entries.append(
        {
            "name": origin.name,
            "version": origin.version,
            "file": str(path.relative_to(ROOT)),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    )


def fetch_all() -> None:
    entries: list[dict] = []
    for package in PACKAGES:
        files = pack(package)
        for inside, outside in package.files.items():
            content = files[inside]
            if outside.endswith(".css"):
                content = re.sub(rb"/\*# sourceMappingURL=.*?\*/", b"", content)
            write(VENDOR / outside, content, package, entries)
        if package.name == "@tabler/icons":
            write(VENDOR / "icons.svg", sprite(files), package, entries)
        if "noto-sans-sc" in package.name:
            from vendor_font import merged_font

            for name, content in merged_font(files).items():
                write(FONTS / name, content, package, entries)
        licence = VENDOR / package.licence_name
        write(licence, files[package.licence] if package.licence else licence.read_bytes(), package, entries)
    entries.sort(key=lambda entry: entry["file"])
    LOCK.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def wrong() -> list[str]:
    """Files that are missing, differ from the lock, or lie in vendor/ without standing in it."""
    entries = json.loads(LOCK.read_text(encoding="utf-8"))
    listed = {entry["file"] for entry in entries}
    problems = []
    for entry in entries:
        path = ROOT / entry["file"]
        if not path.exists():
            problems.append(f"{entry['file']}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            problems.append(f"{entry['file']}: differs from vendor.lock")
    present = [path for folder in (VENDOR, FONTS) for path in folder.rglob("*") if path.is_file()]
    strangers = [str(path.relative_to(ROOT)) for path in present if str(path.relative_to(ROOT)) not in listed]
    return problems + [f"{name}: not in vendor.lock" for name in strangers]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--verify", action="store_true", help="check the committed files against vendor.lock")
    if not parser.parse_args(arguments).verify:
        fetch_all()
    problems = wrong()
    print("\n".join(problems) or f"vendor: {len(json.loads(LOCK.read_text()))} files as locked")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main())
