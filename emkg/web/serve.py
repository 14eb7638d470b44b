"""Runs the site until it is told to stop."""

from __future__ import annotations

import gc
import logging
import math
import resource
import socket
from collections.abc import Callable
from logging.handlers import WatchedFileHandler
from pathlib import Path

import uvicorn

from emkg.config import Limits
from emkg.errors import ConfigError
from emkg.web.app import create_app
from emkg.web.gate import LOG
from emkg.web.memory import few_arenas
from emkg.web.wire import WireConfig

_LOG = logging.getLogger(__name__)
_BACKLOG = 512
_SEND_BUFFER = 1 << 18  # bytes that the kernel holds for a slow client; left to itself it takes megabytes for each
_GRACE = 2  # seconds more than a query may take, for running answers at the end
_KEEP_ALIVE = 75  # seconds that an idle connection is kept; proxies and browsers count on about a minute


_NO_NEWS = (
    "ASGI callable returned without completing response",
    "Invalid HTTP request received",
    "Unsupported upgrade request",
    "No supported WebSocket library detected",
)


class _Server(uvicorn.Server):
    """Says so once it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, before anything is loaded: a port that is taken is told at once; raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)  # every connection inherits it
    try:
        made.bind((host, port))
    except OSError as fault:
        made.close()
        raise ConfigError(
            f"cannot listen: {fault.strerror or fault}",
            f"{host}:{port}",
            "choose another: PORT=9000 make serve, or emkg serve --port 9000",
        ) from None
    return made


def run(
    build_dir: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    limits: Limits | None = None,
    access_log: str = "",
    announce: Callable[[str], None] = _LOG.info,
) -> None:
    """Serves the build until interrupted; ``announce`` is given one line when the server listens. Port 0 takes a
    free one; ``access_log`` is a file, ``-`` for the standard error, or empty for none.

    Raises NoBuild, and ConfigError for an address or a file that cannot be had.
    """
    with listen(host, port) as made:
        limits = limits or Limits.load()
        few_arenas()
        log_to(access_log)
        allow_many_files()
        app = create_app(build_dir, limits)
        shown = f"[{host}]" if ":" in host else host
        config = WireConfig(
            app,
            limits,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,  # emkg.web.clients reads them, from proxies that are trusted
            ws="none",
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=math.ceil(limits.seconds) + _GRACE,
            lifespan="on",
        )
        gc.collect()
        gc.freeze()  # what a site holds need not be looked through at every collection
        logging.getLogger("uvicorn.error").addFilter(_expected)
        _Server(config, lambda: announce(f"emkg serves http://{shown}:{made.getsockname()[1]}")).run(sockets=[made])


def log_to(place: str) -> None:
    """Writes a JSON line for each request to a file, which may be moved away and is then begun anew (logrotate); raises ConfigError."""
    if not place:
        return
    try:
        handler = logging.StreamHandler() if place == "-" else WatchedFileHandler(place, encoding="utf-8")
    except OSError as fault:
        raise ConfigError(
            f"the access log cannot be written: {fault.strerror}", place, "choose another file: EMKG_ACCESS_LOG"
        ) from None
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOG.handlers[:] = [handler]
    LOG.propagate = False
    LOG.setLevel(logging.INFO)


def allow_many_files() -> None:
    """Lets this process open as many files as the system grants it: a connection is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _expected(record: logging.LogRecord) -> bool:
    """Whether a line of uvicorn's log is news: what strangers send amiss is none, nor that an answer was broken off on purpose."""
    return not record.getMessage().startswith(_NO_NEWS)
