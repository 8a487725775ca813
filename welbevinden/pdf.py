"""HTML to PDF with WeasyPrint, which may read our own static files and nothing else."""

import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher


class RefusedError(ValueError):
    """Something in a document asked for an address that is not one of our own static files."""


@cache
def _fonts() -> "FontConfiguration":
    # Once per worker: setting up fonts costs a fifth of a document.
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _fetcher() -> "URLFetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Serves `static:` addresses from our static files. All else, a text with HTML in it included, is refused."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            parts = urlsplit(url)
            if parts.scheme != "static":
                raise RefusedError(url)
            found = finders.find(unquote(parts.path).lstrip("/"))
            if not found or not isinstance(found, str):
                raise RefusedError(url)
            kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
            return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": kind})

    return StaticOnly(allowed_protocols=["static"], allow_redirects=False)


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """The PDF (PDF/UA-1) of `template` with `context`. The same template and context give the same bytes.

    Raises RefusedError when the document asks for an address outside our static files.
    """
    from weasyprint import HTML  # a second to import, and only workers need it

    return bytes(
        HTML(string=render_to_string(template, dict(context)), base_url="static:///", url_fetcher=_fetcher()).write_pdf(
            pdf_variant="pdf/ua-1", font_config=_fonts()
        )
    )
