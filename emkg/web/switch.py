"""A new build in the place of the one that is served, without a request that fails: the new site is opened beside the old one, requests
that have begun end on the site they began on, and then the old one is closed.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path

from starlette.applications import Starlette

from emkg.config import Limits
from emkg.errors import EmkgError
from emkg.web.memory import give_back
from emkg.web.site import Site

_LOG = logging.getLogger(__name__)
_LOOK = 0.25  # seconds between two looks at the build's folder
_GRACE = 2.0  # seconds more than a query may take


async def watch(app: Starlette, build_dir: Path, limits: Limits) -> None:
    """Looks for new builds until cancelled."""
    seen = app.state.site.folder
    closing: set[asyncio.Task[None]] = set()
    while True:
        await asyncio.sleep(_LOOK)
        folder = _in_place(build_dir)
        if folder is None or folder == seen:
            continue
        seen = folder
        try:
            site = await asyncio.to_thread(Site.open, build_dir, limits)
        except (EmkgError, OSError) as fault:
            _LOG.error("the new build is not served: %s", fault)
            continue
        await site.ready()  # so that nobody waits for what the first document needs
        old, app.state.site = app.state.site, site
        _LOG.warning("build %s is served now", site.folder.name)
        task = asyncio.create_task(_retire(old, limits.seconds + _GRACE))
        del old, site
        closing.add(task)
        task.add_done_callback(closing.discard)


def _in_place(build_dir: Path) -> Path | None:
    """The folder of the build in place, where it is whole."""
    folder = (build_dir / "current").resolve()
    return folder if (folder / "manifest.json").is_file() else None


async def _retire(site: Site, seconds: float) -> None:
    """Closes a site once its requests have ended, at the latest after so many seconds."""
    for _ in range(round(seconds * 10)):
        if not site.users:
            break
        await asyncio.sleep(0.1)
    await site.engine.retire()
    del site
    gc.unfreeze()
    gc.collect()  # a site and its caches refer to one another
    gc.freeze()
    await asyncio.to_thread(give_back)
