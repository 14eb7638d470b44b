"""Runs SPARQL: on the local graph, or on a remote endpoint by the SPARQL 1.1 Protocol."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from emkg.errors import BadQuery, EndpointError, ParseError, QueryTimeout
from emkg.formats import RDF_FORMATS, RESULT_FORMATS, find_by_media_type
from emkg.graph import Graph, Table, parse_results
from emkg.rdf import Triple, parse_quads, triples_of
from emkg.sparql import FORMS, outline, place
from emkg.vocab import sparql_prefixes

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

TIMEOUT = 60.0
_LONGEST_GET = 1500
_CHUNK = 1 << 16
_OWN_MESSAGE = re.compile(r"Response:\n(b['\"].*)", re.DOTALL)


def run_local(graph: Graph, text: str) -> Table | bool | list[Triple]:
    """A query's answer on a graph in memory; raises BadQuery with line and column.

    >>> run_local(Graph(), "ASK { ?s ?p ?o }")
    False
    """
    return graph.query(text)


def run_remote(endpoint: str, text: str, timeout: float = TIMEOUT) -> Table | bool | list[Triple]:
    """A query's answer from the endpoint at that address, within ``timeout`` seconds.

    The emkg prefixes that the text uses without declaring them are declared for it.
    Raises BadQuery with the endpoint's own message, QueryTimeout, or EndpointError.

    >>> run_remote("file:///etc/hosts", "ASK {}")
    Traceback (most recent call last):
    ...
    emkg.errors.EndpointError: not an endpoint's address — file:///etc/hosts — write http://… or https://…
    """
    if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname:
        raise EndpointError("not an endpoint's address", endpoint, "write http://… or https://…")
    form = outline(text).form
    if form not in FORMS:
        what = f"{form} is an update; emkg only reads" if form else "not a query: no SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise BadQuery(what, *(place(text, form) if form else (0, 0)), "ask with one of these four")
    wrapper = _wrapper(endpoint, form, declared(text), timeout)
    return _parsed(endpoint, *_answer(wrapper, endpoint, timeout))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A remote SPARQL endpoint that answers as a Graph does; ``timeout`` in seconds."""

    url: str
    timeout: float = TIMEOUT

    def query(self, query: str) -> Table | bool | list[Triple]:
        """Whatever the query's form gives: a table, a truth value or triples."""
        return run_remote(self.url, query, self.timeout)

    def select(self, query: str) -> Table:
        """The rows of a SELECT; raises BadQuery where the query is none."""
        answer = self.query(query)
        if not isinstance(answer, Table):
            raise BadQuery("not a SELECT query", repair="use SELECT here")
        return answer

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE; raises BadQuery where the query is none."""
        answer = self.query(query)
        if not isinstance(answer, list):
            raise BadQuery("not a CONSTRUCT or DESCRIBE query", repair="use CONSTRUCT here")
        return answer


def declared(text: str) -> str:
    """The query with a PREFIX line for each of our prefixes that it uses and does not declare.

    >>> declared("ASK { ?s a dcat:Dataset }").splitlines()[0].startswith("PREFIX dcat: <")
    True
    """
    own = {found[1].lower() for found in re.finditer(r"\bPREFIX\s+([\w.-]*):", text, re.IGNORECASE)}
    used = {found[1] for found in re.finditer(r"(?<![\w<?$-])([A-Za-z][\w-]*):", text)}
    lines = [
        line
        for line in sparql_prefixes().splitlines()
        if (name := line.split()[1][:-1]) in used and name.lower() not in own
    ]
    return "".join(f"{line}\n" for line in lines) + text


def _wrapper(endpoint: str, form: str, text: str, timeout: float) -> SPARQLWrapper:
    """SPARQLWrapper imports rdflib (0.3 s), so it is not imported at the top."""
    from SPARQLWrapper import GET, JSON, POST, TURTLE, SPARQLWrapper

    wrapper = SPARQLWrapper(endpoint, agent="emkg")
    # Set straight: setQuery would guess the form anew, and warns where comments or unknown words mislead it.
    wrapper.queryString, wrapper.queryType = text, form
    wrapper.setMethod(GET if len(text) < _LONGEST_GET else POST)
    wrapper.setReturnFormat(TURTLE if form in ("CONSTRUCT", "DESCRIBE") else JSON)
    # Only the Accept header says what we want: some endpoints refuse parameters that the protocol does not have.
    wrapper.setOnlyConneg(True)
    wrapper.setTimeout(max(1, round(timeout)))
    return wrapper


def _answer(wrapper: SPARQLWrapper, endpoint: str, timeout: float) -> tuple[bytes, str]:
    """The body and its media type. SPARQLWrapper's limit is for each wait, ours for the whole."""
    from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

    ends = monotonic() + timeout
    try:
        response: Any = wrapper.query().response
        body = bytearray()
        with response:
            while chunk := response.read1(_CHUNK):
                body += chunk
                if monotonic() > ends:
                    raise TimeoutError
            promised = response.headers.get("Content-Length", "")
            if promised.isdecimal() and len(body) < int(promised):  # half a Turtle file may well parse
                raise HTTPException(f"{int(promised) - len(body)} bytes are missing")
            return bytes(body), response.headers.get("Content-Type", "")
    except QueryBadFormed as fault:
        raise _refused(_message(str(fault))) from None
    except SPARQLWrapperException as fault:
        raise EndpointError(f"the endpoint refused: {_message(str(fault))}", endpoint, "check the address") from None
    except HTTPError as fault:
        said = _plain(fault.read()) or fault.reason
        raise EndpointError(f"the endpoint answered {fault.code}: {said}", endpoint, "check the address") from None
    except TimeoutError:
        _late(endpoint, timeout)
    except URLError as fault:
        if isinstance(fault.reason, TimeoutError):
            _late(endpoint, timeout)
        raise EndpointError(
            f"the endpoint cannot be reached: {fault.reason}", endpoint, "check the address and the network"
        ) from None
    except (OSError, HTTPException) as fault:
        raise EndpointError(f"the connection broke: {fault}", endpoint, "try again") from None


def _late(endpoint: str, timeout: float) -> NoReturn:
    raise QueryTimeout(f"no answer within {timeout:g} s", endpoint, "allow more time, or ask for less") from None


def _message(text: str) -> str:
    """SPARQLWrapper writes the response's bytes as Python does; this is the endpoint's own text again."""
    found = _OWN_MESSAGE.search(text)
    return _plain(ast.literal_eval(found[1])) if found else text


def _plain(body: bytes) -> str:
    text = re.sub(r"<[^<>]+>", " ", body.decode("utf-8", "replace"))
    return " ".join(text.split())[:500]


def _refused(message: str) -> BadQuery:
    place = re.search(r"(?:at line |at |line )(\d+)(?:, column |:)\s*(\d+)", message)
    line, column = (int(place[1]), int(place[2])) if place else (0, 0)
    return BadQuery(f"the endpoint says: {message}", line, column, "mend the query")


def _parsed(endpoint: str, body: bytes, media_type: str) -> Table | bool | list[Triple]:
    results = find_by_media_type(media_type, RESULT_FORMATS)
    triples = find_by_media_type(media_type, RDF_FORMATS)
    try:
        if results is not None and results.name in ("json", "xml", "tsv"):
            return parse_results(body, results.name)
        if triples is not None and triples.rdf is not None:
            return triples_of(parse_quads(body, triples.rdf, base_iri=endpoint, name=endpoint))
    except ParseError as fault:
        raise EndpointError(
            f"the endpoint's answer cannot be read: {fault.what}", endpoint, "check that it is a SPARQL endpoint"
        ) from None
    raise EndpointError(
        f"the endpoint answered with {media_type or 'no media type'}", endpoint, "check that it is a SPARQL endpoint"
    )
