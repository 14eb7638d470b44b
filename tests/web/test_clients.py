"""Foreign clients as people use them: curl, SPARQLWrapper, rdflib, pyoxigraph, roqet and rapper, Comunica; alone and in federated queries.

Each asks the real server over a socket. A program that is absent is named in the skip line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
import SPARQLWrapper
from rdflib import XSD
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from emkg.graph import Graph
from emkg.vocab import sparql_prefixes
from tests.oxigraph_server import needs_server
from tests.oxigraph_server import serving as serving_oxigraph
from tests.running import Server, serving

ROOT = Path(__file__).resolve().parent.parent.parent
TITLES = "SELECT ?d ?title WHERE { ?d a emkg:Dataset ; dcterms:title ?title } ORDER BY ?d ?title LIMIT 7"
H01 = "https://w3id.org/emkg/id/dataset/h01"
# What a peer knows of things that we name: how many people asked for them.
PEER = b"".join(
    f'<https://w3id.org/emkg/id/dataset/{slug}> <http://peer.invalid/asked> "{number}"^^<{XSD.integer}> .\n'.encode()
    for slug, number in (("h01", 41), ("microns-mm3", 17), ("not-ours", 5))
)


def program(name: str, package: str) -> Any:
    """A mark that skips a test where the program is absent, and says how to get it."""
    return pytest.mark.skipif(found(name) is None, reason=f"needs the program {name}: {package}")


def found(name: str) -> str | None:
    """Where a program is: that of tools/programs.sh, which has the right Node, before the system's."""
    return shutil.which(name, path=f"{ROOT}/.venv/comunica") or shutil.which(name)


def run(*command: str) -> str:
    """What the program prints; it must end well."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built) as running:
        yield running


@pytest.fixture(scope="module")
def endpoint(server: Server) -> str:
    return server.address + "/sparql"


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The query address of an Oxigraph server on loopback that knows something of its own."""
    with serving_oxigraph(tmp_path_factory.mktemp("peer"), PEER) as address:
        yield address


@pytest.fixture(scope="module")
def titles(graph: Graph) -> list[tuple[str | None, ...]]:
    return graph.select(TITLES).values()


WHOLE = sparql_prefixes() + TITLES


@program("curl", "apt install curl")
def test_curl_gets_posts_and_follows(endpoint: str, server: Server, titles: list[tuple[str, str]]) -> None:
    for how in (["-G"], []):
        shown = run(
            "curl",
            "-sSf",
            *how,
            "-H",
            "Accept: application/sparql-results+json",
            "--data-urlencode",
            f"query={TITLES}",
            endpoint,
        )
        rows = json.loads(shown)["results"]["bindings"]
        assert [(row["d"]["value"], row["title"]["value"]) for row in rows] == titles
    direct = ["-H", "Content-Type: application/sparql-query", "-H", "Accept: text/csv", "--data-binary", TITLES]
    assert run("curl", "-sSf", *direct, endpoint).splitlines()[0] == "d,title"
    assert "H01" in run("curl", "-sSfL", "-H", "Accept: text/turtle", server.address + "/id/dataset/h01")


@program("curl", "apt install curl")
def test_curl_asks_again_only_for_what_changed(server: Server, tmp_path: Path) -> None:
    document, mark = server.address + "/doc/dataset/h01.ttl", str(tmp_path / "etag")
    assert "H01" in run("curl", "-sSf", "--compressed", "--etag-save", mark, document)
    assert (
        run("curl", "-sSf", "--compressed", "--etag-compare", mark, "-o", "/dev/null", "-w", "%{http_code}", document)
        == "304"
    )


@program("curl", "apt install curl")
def test_curl_is_told_of_a_fault_by_its_exit_code(endpoint: str) -> None:
    done = subprocess.run(
        ["curl", "-sSf", "-G", "--data-urlencode", "query=SELEC", endpoint], capture_output=True, text=True, check=False
    )
    assert done.returncode == 22 and "400" in done.stderr


def asked(endpoint: str, text: str, form: str, method: str = SPARQLWrapper.GET) -> Any:
    wrapper = SPARQLWrapper.SPARQLWrapper(endpoint)
    wrapper.setQuery(text)
    wrapper.setReturnFormat(form)
    wrapper.setMethod(method)
    return wrapper.query().convert()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("method", [SPARQLWrapper.GET, SPARQLWrapper.POST])
def test_sparqlwrapper_reads_every_format(endpoint: str, titles: list[tuple[str, str]], method: str) -> None:
    rows = asked(endpoint, TITLES, SPARQLWrapper.JSON, method)["results"]["bindings"]
    assert [(row["d"]["value"], row["title"]["value"]) for row in rows] == titles
    assert len(asked(endpoint, TITLES, SPARQLWrapper.XML, method).getElementsByTagName("result")) == len(titles)
    for form in (SPARQLWrapper.CSV, SPARQLWrapper.TSV):
        assert len(asked(endpoint, TITLES, form, method).decode().splitlines()) == len(titles) + 1
    assert asked(endpoint, "ASK { ?s a emkg:Dataset }", SPARQLWrapper.JSON, method)["boolean"] is True
    for form in (SPARQLWrapper.TURTLE, SPARQLWrapper.RDFXML, SPARQLWrapper.JSONLD):
        described = asked(endpoint, f"DESCRIBE <{H01}>", form, method)
        graph = described if isinstance(described, rdflib.Graph) else rdflib.Graph().parse(data=described)
        assert (rdflib.URIRef(H01), rdflib.DCTERMS.title, rdflib.Literal("H01")) in graph, form


def test_sparqlwrapper_knows_our_refusals(endpoint: str) -> None:
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="line"):
        asked(endpoint, "SELECT * WHERE {", SPARQLWrapper.JSON)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_takes_it_for_a_store(endpoint: str, titles: list[tuple[str, str]], method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method))
    assert [(str(d), str(title)) for d, title in graph.query(WHOLE)] == titles
    assert rdflib.Literal("H01") in set(graph.objects(rdflib.URIRef(H01), rdflib.DCTERMS.title))
    assert bool(graph.query(sparql_prefixes() + "ASK { ?s a emkg:Dataset }"))
    assert len(graph.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ <{H01}> ?p ?o BIND(<{H01}> AS ?s) }}").graph or ()) > 20


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rdflib_joins_it_with_a_graph_of_its_own(endpoint: str) -> None:
    own = rdflib.Graph().parse(data=PEER, format="nt")
    found = own.query(
        sparql_prefixes()
        + f"SELECT ?title ?n {{ ?d <http://peer.invalid/asked> ?n SERVICE <{endpoint}> {{ ?d a emkg:Dataset ; dcterms:title ?title }} }}"
    )
    assert {(str(title), int(n)) for title, n in found} == {("H01", 41), ("MICrONS Cortical mm³", 17)}


FEDERATED = (
    sparql_prefixes()
    + "SELECT ?title ?n {{ ?d <http://peer.invalid/asked> ?n SERVICE <{}> {{ ?d a emkg:Dataset ; dcterms:title ?title }} }}"
)


def test_pyoxigraph_joins_it_with_a_store_of_its_own(endpoint: str) -> None:
    store = pyoxigraph.Store()
    store.load(PEER, format=pyoxigraph.RdfFormat.N_TRIPLES)
    found = store.query(FEDERATED.format(endpoint))
    assert isinstance(found, pyoxigraph.QuerySolutions)
    assert {(row["title"].value, row["n"].value) for row in found} == {("H01", "41"), ("MICrONS Cortical mm³", "17")}


@needs_server
def test_an_oxigraph_server_joins_it_with_its_own_data(endpoint: str, peer: str) -> None:
    rows = asked(peer, FEDERATED.format(endpoint), SPARQLWrapper.JSON)["results"]["bindings"]
    assert {(row["title"]["value"], row["n"]["value"]) for row in rows} == {
        ("H01", "41"),
        ("MICrONS Cortical mm³", "17"),
    }


@program("roqet", "apt install rasqal-utils")
@pytest.mark.parametrize("form", ["csv", "xml", "tsv"])
def test_roqet_asks(endpoint: str, titles: list[tuple[str, str]], form: str) -> None:
    """Roqet asks by GET, takes XML from us and writes the format itself; it knows no other form than SELECT over the protocol."""
    shown = run("roqet", "-q", "-p", endpoint, "-e", WHOLE, "-r", form)
    assert all(iri in shown for iri, _ in titles)
    assert shown.count("<result>") == len(titles) if form == "xml" else len(shown.splitlines()) == len(titles) + 1


@program("roqet", "apt install rasqal-utils")
@pytest.mark.parametrize(
    ("form", "media_type"),
    [("xml", "application/sparql-results+xml"), ("csv", "text/csv"), ("tsv", "text/tab-separated-values")],
)
def test_roqet_reads_our_results(
    server: Server, titles: list[tuple[str, str]], tmp_path: Path, form: str, media_type: str
) -> None:
    file = tmp_path / f"answer.{form}"
    file.write_bytes(server.query(TITLES, accept=media_type).body)
    shown = run("roqet", "-q", "-t", str(file), "-R", form, "-r", "simple")
    assert len(shown.splitlines()) == len(titles)


@program("rapper", "apt install raptor2-utils")
@pytest.mark.parametrize(("suffix", "parser"), [("ttl", "turtle"), ("nt", "ntriples"), ("rdf", "rdfxml")])
def test_rapper_reads_our_documents(server: Server, suffix: str, parser: str) -> None:
    address = f"{server.address}/doc/dataset/h01"
    expected = len(
        list(pyoxigraph.parse(server.get("/doc/dataset/h01.nt").body, format=pyoxigraph.RdfFormat.N_TRIPLES))
    )
    shown = run("rapper", "-q", "-i", parser, "-o", "ntriples", f"{address}.{suffix}")
    assert len(shown.splitlines()) == expected


@program("rapper", "apt install raptor2-utils")
def test_rapper_negotiates_from_a_thing_to_its_graph(server: Server) -> None:
    """Rapper names every format that it knows, with weights, in one long Accept header, and follows the 303."""
    assert "H01" in run("rapper", "-q", "-g", "-o", "ntriples", f"{server.address}/id/dataset/h01")


def comunica(query: str, *sources: str) -> list[dict[str, Any]]:
    name = found("comunica-sparql")
    assert name
    shown = run(name, *sources, query, "-t", "application/sparql-results+json")
    rows: list[dict[str, Any]] = json.loads(shown)["results"]["bindings"]
    return rows


needs_comunica = program("comunica-sparql", "npm install @comunica/query-sparql, with Node 22.19 or newer")


@needs_comunica
@pytest.mark.parametrize("prefix", ["sparql@", ""])
def test_comunica_asks(endpoint: str, titles: list[tuple[str, str]], prefix: str) -> None:
    """Told what it is, or left to find out from the service description."""
    rows = comunica(WHOLE, prefix + endpoint)
    assert [(row["d"]["value"], row["title"]["value"]) for row in rows] == titles


@needs_comunica
@pytest.mark.parametrize(
    "path", ["/id/dataset/h01", "/doc/dataset/h01.ttl", "/doc/dataset/h01.jsonld", "/doc/dataset/h01.rdf"]
)
def test_comunica_reads_a_document(server: Server, path: str) -> None:
    """Left to negotiate it asks for N-Quads first, where each statement stands in the graph of who says it."""
    title = f"<{H01}> <http://purl.org/dc/terms/title> ?t"
    query = f"SELECT DISTINCT ?t {{ {{ {title} }} UNION {{ GRAPH ?g {{ {title} }} }} }}"
    rows = comunica(query, server.address + path)
    assert [row["t"]["value"] for row in rows] == ["H01"]


@needs_comunica
@needs_server
def test_comunica_joins_it_with_a_peer(endpoint: str, peer: str) -> None:
    query = (
        sparql_prefixes()
        + "SELECT ?title ?n { ?d <http://peer.invalid/asked> ?n . ?d a emkg:Dataset . ?d dcterms:title ?title }"
    )
    rows = comunica(query, f"sparql@{endpoint}", f"sparql@{peer}")
    assert {(row["title"]["value"], row["n"]["value"]) for row in rows} == {
        ("H01", "41"),
        ("MICrONS Cortical mm³", "17"),
    }
