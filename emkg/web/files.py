"""Files as they lie: the dumps of a build, and what pages bring along."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from emkg.errors import NotFound
from emkg.formats import JSON, RDF_FORMATS, Format
from emkg.negotiate import Chosen
from emkg.web.answers import FRESH, etag, represent, unchanged
from emkg.web.page import html_only
from emkg.web.site import HERE, Site, site_of

FOR_GOOD = "public, max-age=31536000, immutable"
"""For an address that names the version of what it gives (RFC 8246)."""


def _dumps(site: Site) -> dict[str, tuple[Path, int, str]]:
    """Name → place, size and Content-Type of every file that may be downloaded; nothing beyond this list is."""
    kinds = {form.suffix: content_type_of(form) for form in (*RDF_FORMATS, JSON)}
    reports = (site.folder / name for name in ("report.json", "report.ttl", "manifest.json"))
    return {
        path.name: (path, path.stat().st_size, kinds.get(path.suffix[1:], "application/octet-stream"))
        for path in sorted([*site.folder.glob("dump/*"), *reports])
        if path.is_file()
    }


def content_type_of(form: Format) -> str:
    """The Content-Type of a file in a format."""
    return form.media_type + ("; charset=utf-8" if form.media_type.startswith("text/") else "")


async def dumps(request: Request) -> Response:
    """What can be downloaded."""
    return await html_only(request, "dumps.html", files=_dumps(site_of(request)))


async def dump(request: Request) -> Response:
    """One file, in parts as it is read; ranges are honoured (RFC 9110 §14)."""
    known = _dumps(site_of(request))
    name = request.path_params["name"]
    if name not in known:
        raise NotFound(f"no file {name!r}", "", "/dump/ lists them")
    tag = etag(request, "dump", name)
    headers = {"ETag": tag, "Cache-Control": FRESH, "Vary": "Accept-Encoding"}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    path, _, kind = known[name]
    return FileResponse(path, media_type=kind, headers=headers)


async def static(request: Request) -> Response:
    """What pages bring along; for good where the address names its version."""
    site = site_of(request)
    known: dict[str, Path] = site.once("static", _static)
    path = known.get(request.path_params["name"])
    if path is None:
        raise NotFound(f"no file {request.path_params['name']!r}", "", "")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    form = Format("static", (kind,), path.suffix[1:], "file")
    headers = {"Cache-Control": FOR_GOOD} if request.url.query == f"v={site.mark[:12]}" else {}
    media_type = content_type_of(form)
    return await represent(request, Chosen(form, media_type), path.read_bytes, headers=headers)


def _static() -> dict[str, Path]:
    folder = HERE / "static"
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
