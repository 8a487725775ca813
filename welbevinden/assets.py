"""Copies the few files of others that the pages and the PDF need from `node_modules` to `static-vendor`.

`python -m welbevinden.assets`, after `npm ci`. The icons become one sprite of only those named in `static/icons.txt`.
"""

import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

BASE_DIR = Path(__file__).resolve().parent.parent

#: From a file in node_modules to a file under /static/vendor/.
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    # One file per weight: WeasyPrint lays out static fonts faster than a variable one.
    **{
        f"@fontsource/figtree/files/figtree-{subset}-{cut}.woff2": f"fonts/figtree-{subset}-{name}.woff2"
        for subset in ("latin", "latin-ext")
        for cut, name in (
            ("400-normal", "400"),
            ("400-italic", "400-italic"),
            ("600-normal", "600"),
            ("700-normal", "700"),
        )
    },
}
SVG = "{http://www.w3.org/2000/svg}"
# Hashed names fail on a map that is not there.
SOURCE_MAP = re.compile(rb"(?m)^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)\s*$")


class AssetError(Exception):
    """A file or icon that is not there. The text is a sentence for the person at the keyboard."""


def icon_names(text: str) -> list[str]:
    """The names in `static/icons.txt`: one a line, sorted, each once."""
    return sorted({line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")})


def sprite(names: list[str], icons: Path) -> str:
    """One SVG with a `<symbol>` per icon; `icons` is the folder of bootstrap-icons. Unknown names: AssetError."""
    if unknown := [name for name in names if not (icons / f"{name}.svg").is_file()]:
        raise AssetError(f"Onbekende pictogrammen in static/icons.txt: {', '.join(unknown)}.")
    symbols = []
    for name in names:
        svg = ElementTree.parse(icons / f"{name}.svg").getroot()  # noqa: S314 from a package fixed by its hash
        body = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in svg)
        body = re.sub(r' xmlns:ns0="[^"]*"', "", body).replace("<ns0:", "<").replace("</ns0:", "</")
        symbols.append(f'<symbol id="{name}" viewBox="{svg.get("viewBox")}">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def vendor(base: Path = BASE_DIR) -> Path:
    """Fills `static-vendor` anew and returns it. Raises AssetError when something is not there."""
    modules, target = base / "node_modules", base / "static-vendor"
    if missing := [source for source in FILES if not (modules / source).is_file()]:
        raise AssetError(f"Niet gevonden in node_modules: {', '.join(missing)}. Draai eerst npm ci.")
    contents = {
        destination: SOURCE_MAP.sub(b"", (modules / source).read_bytes())
        if source.endswith((".js", ".css"))
        else (modules / source).read_bytes()
        for source, destination in FILES.items()
    }
    names = icon_names((base / "static" / "icons.txt").read_text())
    contents["icons/sprite.svg"] = sprite(names, modules / "bootstrap-icons" / "icons").encode()
    # A finder that reads the folder meanwhile sees whole files: each is moved into its place.
    for path in sorted(target.rglob("*"), reverse=True) if target.exists() else []:
        if path.is_file() and str(path.relative_to(target)) not in contents:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for destination, content in contents.items():
        path = target / destination
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == content:
            continue
        part = path.with_suffix(path.suffix + ".part")
        part.write_bytes(content)
        shutil.move(part, path)
    return target


if __name__ == "__main__":
    try:
        vendor()
    except AssetError as error:
        sys.exit(str(error))
