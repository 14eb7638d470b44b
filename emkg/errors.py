"""What can go wrong, as one tree; each error says what, where and how to repair.

EmkgError
├─ ConfigError
├─ PluginError
├─ VocabError
│  ├─ UnknownTerm
│  └─ UnknownPrefix
├─ SourceError
│  ├─ FetchError
│  └─ RecordError
├─ GraphError
│  ├─ ParseError
│  ├─ BadQuery
│  └─ QueryStopped
│     ├─ QueryTimeout
│     ├─ QueryMemory
│     ├─ AnswerTooLarge
│     └─ WorkerLost
├─ Refused
│  ├─ Overloaded
│  └─ TooManyRequests
├─ ReasonerError
│  └─ InconsistentGraph
├─ BuildError
│  └─ NoBuild
├─ ValidationError
├─ QuestionError
├─ ExportError
├─ EndpointError
├─ NotFound
│  └─ Gone
└─ NotAcceptable
"""

from __future__ import annotations


class EmkgError(Exception):
    """Root of the tree; ``status`` is the HTTP status a server answers, ``exit_code`` what the command line returns.

    >>> print(EmkgError("no such thing", "data/x.ttl", "write it"))
    no such thing — data/x.ttl — write it
    """

    status = 500
    exit_code = 1

    def __init__(self, what: str, where: str = "", repair: str = "") -> None:
        super().__init__(what, where, repair)
        self.what, self.where, self.repair = what, where, repair

    def __str__(self) -> str:
        return " — ".join(part for part in (self.what, self.where, self.repair) if part)


class ConfigError(EmkgError):
    """A setting has no usable value."""

    exit_code = 2


class PluginError(EmkgError):
    """A file in a plugin folder cannot be used."""


class VocabError(EmkgError):
    """A name that the ontology does not have."""


class UnknownTerm(VocabError):
    """A local name that is not in its namespace."""

    status = 404


class UnknownPrefix(VocabError):
    """A prefix that is not in the prefix table."""

    status = 400
    exit_code = 2


class SourceError(EmkgError):
    """A source cannot be read."""


class FetchError(SourceError):
    """A source's file or page cannot be had."""


class RecordError(SourceError):
    """One record, or one field of it, is at fault; the others go on."""


class GraphError(EmkgError):
    """RDF or SPARQL at fault."""


class ParseError(GraphError):
    """A file is not in its format; ``line`` and ``column`` count from 1 and are 0 where the parser does not tell."""

    status = 400

    def __init__(self, what: str, path: str, line: int = 0, column: int = 0, repair: str = "") -> None:
        place = path + (f":{line}:{column}" if line else "")
        super().__init__(what, place, repair)
        self.path, self.line, self.column = path, line, column


class BadQuery(GraphError):
    """A SPARQL query that cannot be run as written."""

    status = 400
    exit_code = 2

    def __init__(self, what: str, line: int = 0, column: int = 0, repair: str = "") -> None:
        super().__init__(what, f"line {line}, column {column}" if line else "", repair)
        self.line, self.column = line, column


class QueryStopped(GraphError):
    """A query that was admitted and did not come to its end; ``retry_after`` is in seconds."""

    status = 503
    retry_after = 10


class QueryTimeout(QueryStopped):
    """A query that ran longer than it may."""

    retry_after = 60


class QueryMemory(QueryStopped):
    """A query that needed more memory than it may have."""

    retry_after = 60


class AnswerTooLarge(QueryStopped):
    """An answer that has more bytes than it may have."""

    retry_after = 60


class WorkerLost(QueryStopped):
    """The process that ran a query ended."""

    retry_after = 1


class Refused(EmkgError):
    """A request that is not begun, since too much is going on; ``retry_after`` is in seconds."""

    status = 503

    def __init__(self, what: str, where: str = "", repair: str = "", retry_after: int = 5) -> None:
        super().__init__(what, where, repair)
        self.retry_after = retry_after


class Overloaded(Refused):
    """All workers are taken, and as many queries wait for them as may."""


class TooManyRequests(Refused):
    """One client asks for more than its share (RFC 6585 §4)."""

    status = 429


class ReasonerError(EmkgError):
    """The reasoner could not be run."""


class InconsistentGraph(ReasonerError):
    """The reasoner found a contradiction; ``individuals`` are the IRIs of those it blames, none where it cannot tell."""

    def __init__(self, what: str, where: str = "", repair: str = "", individuals: tuple[str, ...] = ()) -> None:
        super().__init__(what, where, repair)
        self.individuals = individuals


class BuildError(EmkgError):
    """A build cannot be made."""


class NoBuild(BuildError):
    """There is no build to read."""

    status = 503


class ValidationError(EmkgError):
    """The data do not conform."""


class QuestionError(EmkgError):
    """A named question, or a value for one of its parameters, is at fault."""

    status = 400
    exit_code = 2


class ExportError(EmkgError):
    """An export cannot be written."""


class EndpointError(EmkgError):
    """A remote SPARQL endpoint did not answer as the protocol says."""

    status = 502


class NotFound(EmkgError):
    """Nothing is known by this name."""

    status = 404
    exit_code = 2


class Gone(NotFound):
    """A name that was once given and is no longer in the graph; names are never given twice."""

    status = 410


class NotAcceptable(EmkgError):
    """No offered format is among those asked for."""

    status = 406
    exit_code = 2
