"""Who answers queries: the values that cross to a worker and back, and the protocol of whatever answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from emkg.formats import Format

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the protocol gives it: its text, the graphs that the request (not the text) names, and the base of relative IRIs."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """The name of the format wanted for each kind of answer, since only the worker learns which kind a query has; empty where none
    on offer is wanted.
    """

    rows: str = "json"
    truth: str = "json"
    triples: str = "turtle"

    @classmethod
    def of(cls, form: Format) -> Wish:
        """The wish for one format, whatever the kind of answer.

        >>> from emkg.formats import by_name
        >>> Wish.of(by_name("turtle")).triples
        'turtle'
        """
        return cls(form.name, form.name, "turtle") if form.results else cls("json", "json", form.name)

    def named(self, form: str) -> str:
        """The format's name for a query's form (SELECT, ASK, CONSTRUCT, DESCRIBE)."""
        return {"SELECT": self.rows, "ASK": self.truth}.get(form, self.triples)


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of an answer before its first byte: the query's form, the format's name, and whether the same query may answer
    otherwise the next time (``NOW()``, ``RAND()`` …).
    """

    form: str
    format: str
    changing: bool = False


class Answer(Protocol):
    """An answer on its way. It must be read to its end or abandoned."""

    @property
    def head(self) -> Head:
        """What is known before the first byte."""

    @property
    def whole(self) -> bytes | None:
        """All bytes, where they are already there."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they come; raises QueryStopped where the answer breaks off."""

    def abandon(self) -> None:
        """Ends a query that nobody waits for; after its end this does nothing."""


class Engine(Protocol):
    """What answers a query. Queries and answers are plain values, so that they may cross to another process."""

    async def ask(self, query: Query, wish: Wish, client: str = NOBODY) -> Answer:
        """The answer from its first byte on; raises BadQuery, NotAcceptable, QueryStopped, Refused. ``client`` is who asks, as far as
        fairness is concerned.
        """

    async def answer(self, query: Query, form: Format, client: str = NOBODY) -> bytes:
        """The whole answer in a format that fits the query's form."""

    def close(self) -> None:
        """Ends all that it started."""
