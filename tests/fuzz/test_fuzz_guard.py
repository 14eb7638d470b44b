"""No text that the guard lets through makes the store call anybody, and no text breaks the guard.

The judge is a listener on loopback: what the guard admits is run by the real store, on data that let every part of a query be reached.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.errors import BadQuery
from emkg.graph import Graph
from emkg.ids import graph_iri
from emkg.rdf import Literal, NamedNode, Quad
from emkg.web.guard import admit
from tests.fuzz.texts import Text

BATCH = 100  # texts per example: Hypothesis chooses seeds, texts.py makes texts
SHORT = int(os.environ.get("EMKG_FUZZ_SHORT", "4000"))
LONG = int(os.environ.get("EMKG_FUZZ_CASES", "700000"))
relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
seeds = st.integers(0, 2**48)


class Listener:
    """An address on this machine; counts who connects."""

    def __init__(self, server: socket.socket) -> None:
        self._server = server
        self.address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        self.calls = 0

    def answer(self) -> None:
        while True:
            try:
                wire, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            wire.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        made = Listener(server)
        threading.Thread(target=made.answer, daemon=True).start()
        yield made
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def store(listener: Listener) -> Graph:
    """A few statements that the made-up patterns match, so that evaluation gets to the call behind them."""
    graph, current = Graph(), graph_iri("current")
    nodes = [NamedNode("s:a"), NamedNode(listener.address + "x"), NamedNode(listener.address + "s")]
    for node in nodes:
        graph.add(
            [
                Quad(node, NamedNode(listener.address + "x"), Literal("c"), current),
                Quad(node, NamedNode("s:p"), nodes[0], current),
            ]
        )
    graph.add([Quad(nodes[0], NamedNode("s:p"), nodes[1], NamedNode(listener.address))])
    return graph


Guard = Callable[[str], object]


def bypass(store: Graph, listener: Listener, seed: int, guard: Guard = admit) -> str:
    """The first text of a batch that the guard admits and that calls; empty where there is none."""
    for number in range(seed, seed + BATCH):
        text = Text(number, listener.address).text
        try:
            guard(text)
        except BadQuery:
            continue
        before = listener.calls
        try:
            store.query(text)
        except (BadQuery, OSError, RuntimeError):
            pass  # no query, or a call that failed: which of the two, the listener knows
        if listener.calls != before:
            return text
    return ""


def naive(text: str) -> None:
    """What a guard must not be: a search for the word as it is usually written."""
    if "SERVICE <" in text or "service <" in text:
        raise BadQuery("a call")


def test_a_naive_guard_is_caught(store: Graph, listener: Listener) -> None:
    """So that silence below means something."""
    found = [text for seed in range(0, 2000, BATCH) if (text := bypass(store, listener, seed, naive))]
    assert len(found) > 5


@settings(relaxed, max_examples=SHORT // BATCH)
@given(seeds)
def test_nothing_admitted_calls_anybody(store: Graph, listener: Listener, seed: int) -> None:
    found = bypass(store, listener, seed)
    assert not found, found


@pytest.mark.slow
@settings(relaxed, max_examples=LONG // BATCH)
@given(seeds)
def test_nothing_admitted_calls_anybody_in_many_cases(store: Graph, listener: Listener, seed: int) -> None:
    found = bypass(store, listener, seed)
    assert not found, found


@settings(relaxed, max_examples=SHORT // BATCH // 2)
@given(seeds)
def test_the_benign_word_passes(listener: Listener, seed: int) -> None:
    """Whole queries without a call, though full of the word, are never refused as federated."""
    for number in range(seed, seed + BATCH):
        text = Text(number, listener.address, calls=False, damage=False).text
        admit(text)


@settings(relaxed, max_examples=SHORT // 10)
@given(st.text(max_size=300) | st.text("SERVICEservice'\"<>#\\u0053{}:? \n", max_size=300))
def test_any_text_is_admitted_or_refused(text: str) -> None:
    begun = time.perf_counter()
    try:
        assert admit(text).form
    except BadQuery as refused:
        assert refused.what and refused.line >= 0
    assert time.perf_counter() - begun < 5
