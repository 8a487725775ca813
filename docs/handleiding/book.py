"""Makes one HTML and one PDF of the chapters, in `boek/`: everything of the manual in a file that can be handed on.

Which chapters there are, and in what order, README.md says. A link to another chapter becomes a link in the book; of a
link to another file of the project only the words stay, for that file is not in the book.
"""

import base64
import re
import sys
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from markdown_it.token import Token

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
OUTPUT = HERE / "boek"
FONTS = PROJECT / "static-vendor" / "fonts"

PAGE = """<!DOCTYPE html>
<html lang="nl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Handleiding Welbevinden</title><style>{style}</style></head>
<body>
<header><p class="kind">Handleiding</p><h1>Welbevinden</h1>
<p>Voor wie het programma beheert, en voor de eerste keer van iedereen. Gemaakt op {day}. De schermen komen uit de demo:
alle scholen en mensen erop zijn verzonnen.</p></header>
<nav aria-label="Inhoud"><h2 class="contents">Inhoud</h2><ul>{contents}</ul></nav>
<main>{chapters}</main>
</body></html>
"""


def chapter_files() -> list[Path]:
    """The chapters in the order of README.md."""
    return [HERE / name for name in re.findall(r"\]\(([a-z0-9-]+\.md)\)", (HERE / "README.md").read_text("utf-8"))]


def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def chapter(path: Path) -> tuple[str, str]:
    """Title and HTML of one chapter."""
    markdown = parser()
    tokens = markdown.parse(path.read_text("utf-8"))
    title = tokens[1].content
    for token in tokens:
        for inner in token.children or []:
            if inner.type == "image":
                _embed(inner)
        if token.children is not None:
            token.children = _links(token.children)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return title, f'<section class="chapter" id="{path.stem}">\n{html}</section>\n'


def _embed(image: Token) -> None:
    source = HERE / str(image.attrs["src"])
    if not source.is_file():
        sys.exit(f"{source.name} ontbreekt; maak eerst de beelden: python docs/handleiding/screenshots.py")
    image.attrs["src"] = f"data:image/png;base64,{base64.b64encode(source.read_bytes()).decode()}"


def _links(tokens: list[Token]) -> list[Token]:
    """Links between chapters stay links; of a link out of the book only the words stay."""
    kept: list[Token] = []
    dropped = False
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrs["href"])
            name, _hash, _part = address.partition("#")
            dropped = name.startswith("../")
            if dropped:
                continue
            if name.endswith(".md"):
                token.attrs["href"] = f"#{name.removesuffix('.md')}"
        if token.type == "link_close" and dropped:
            dropped = False
            continue
        kept.append(token)
    return kept


def book() -> str:
    """The whole manual as one HTML document that needs no other file."""
    faces = "\n".join(
        f'@font-face {{ font-family: Figtree; font-weight: {weight}; src: url("data:font/woff2;base64,'
        f'{base64.b64encode((FONTS / f"figtree-latin-{weight}.woff2").read_bytes()).decode()}") format("woff2"); }}'
        for weight in (400, 600, 700)
    )
    now = datetime.now(ZoneInfo("Europe/Amsterdam"))
    chapters = [(path, *chapter(path)) for path in chapter_files()]
    return PAGE.format(
        style=f"{faces}\n{(HERE / 'book.css').read_text('utf-8')}",
        day=f"{now:%d-%m-%Y}",
        contents="\n".join(f'<li><a href="#{path.stem}">{escape(title)}</a></li>' for path, title, _html in chapters),
        chapters="".join(html for _path, _title, html in chapters),
    )


def main() -> None:
    from weasyprint import HTML

    OUTPUT.mkdir(exist_ok=True)
    html = book()
    (OUTPUT / "handleiding.html").write_text(html, encoding="utf-8")
    HTML(string=html).write_pdf(OUTPUT / "handleiding.pdf", pdf_variant="pdf/ua-1", optimize_images=True)
    sys.stdout.write(f"{OUTPUT / 'handleiding.html'}\n{OUTPUT / 'handleiding.pdf'}\n")


if __name__ == "__main__":
    main()
