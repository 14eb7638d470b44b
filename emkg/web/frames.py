"""How the server and its query workers talk: frames of bytes on a stream socket, each a kind, a length and a payload.

A request is one QUERY frame. An answer is a HEAD and its DATA; or one FAULT, if nothing was sent before; or,
where an answer breaks off behind its HEAD, a CUT. Each is closed by an END, which says whether the worker takes another query. So
whoever reads a stream to its end knows whether it is whole.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from enum import Enum
from typing import Any

from emkg import errors
from emkg.errors import BadQuery, EmkgError

_LENGTH = struct.Struct(">cI")
_AT_ONCE = 1 << 16  # bytes
LARGEST = 1 << 26  # bytes of one frame: beyond it the stream is damaged


class Kind(Enum):
    """What a frame is."""

    QUERY = b"Q"
    HEAD = b"H"
    DATA = b"D"
    END = b"Z"
    FAULT = b"F"
    CUT = b"X"


_KINDS = {kind.value: kind for kind in Kind}
Frame = tuple[Kind, bytes]


def pack(kind: Kind, payload: bytes) -> bytes:
    """The frame as bytes.

    >>> pack(Kind.DATA, b"abc")
    b'D\\x00\\x00\\x00\\x03abc'
    """
    return _LENGTH.pack(kind.value, len(payload)) + payload


def pack_json(kind: Kind, value: Any) -> bytes:
    """The frame of a plain value."""
    return pack(kind, json.dumps(value).encode())


class Reader:
    """Frames out of bytes as they arrive; raises ValueError for what is no frame.

    >>> reader = Reader()
    >>> list(reader.feed(b'D\\x00\\x00\\x00\\x03ab')), list(reader.feed(b'c'))
    ([], [(<Kind.DATA: b'D'>, b'abc')])
    """

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that the bytes complete."""
        held, at = self._held, 0
        held += data
        while len(held) - at >= _LENGTH.size:
            letter, length = _LENGTH.unpack_from(held, at)
            if letter not in _KINDS or length > LARGEST:
                raise ValueError(f"no frame begins with {letter!r}")
            if len(held) - at < _LENGTH.size + length:
                break
            at += _LENGTH.size
            yield _KINDS[letter], bytes(held[at : at + length])
            at += length
        del held[:at]


def received(wire: socket.socket) -> Iterator[Frame]:
    """The frames of a blocking socket, until the other side closes it."""
    reader = Reader()
    while data := wire.recv(_AT_ONCE):
        yield from reader.feed(data)


def pack_error(kind: Kind, fault: EmkgError) -> bytes:
    """The frame of an error of ours."""
    place = {"line": getattr(fault, "line", 0), "column": getattr(fault, "column", 0)}
    return pack_json(
        kind, {"type": type(fault).__name__, "what": fault.what, "where": fault.where, "repair": fault.repair, **place}
    )


def unpack_error(payload: bytes) -> EmkgError:
    """The error that a FAULT or CUT carries.

    >>> str(unpack_error(pack_error(Kind.FAULT, BadQuery("no query", 1, 2))[5:]))
    'no query — line 1, column 2'
    """
    told = json.loads(payload)
    if told["type"] == BadQuery.__name__:
        return BadQuery(told["what"], told["line"], told["column"], told["repair"])
    found: type[EmkgError] = getattr(errors, told["type"])
    return found(told["what"], told["where"], told["repair"])
