"""A template as bytes, and pages that exist as HTML alone."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from emkg.formats import HTML
from emkg.negotiate import Chosen
from emkg.web.answers import represent
from emkg.web.site import site_of


def page(request: Request, template: str, **context_: Any) -> bytes:
    """A rendered template."""
    site = site_of(request)
    return bytes(site.templates.TemplateResponse(request, template, {"site": site, **context_}).body)


async def html_only(request: Request, template: str, **context_: Any) -> Response:
    """A page that exists as HTML only: whoever asks for another format gets it all the same (RFC 9110 §12.5.1 allows
    it).
    """
    return await represent(request, Chosen(HTML, HTML.media_type), lambda: page(request, template, **context_))
