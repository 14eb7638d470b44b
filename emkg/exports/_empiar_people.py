"""The people of a deposition: authors out of the graph, and whom EMPIAR writes to, out of the file that the user gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emkg.exports import _empiar_names
from emkg.exports._empiar_facts import Facts, facts, names_of
from emkg.graph import Graph
from emkg.rdf import NamedNode
from emkg.sources import _lookup
from emkg.vocab import DCTERMS, EM, FOAF, ORG, RDF, prefixes

CONTACT = (
    *(
        "author_orcid",
        "first_name",
        "middle_name",
        "last_name",
        "organization",
        "street",
        "town_or_city",
        "state_or_province",
    ),
    *("post_or_zip", "telephone", "fax", "email", "country"),
)
"""The fields of a contact, of which the schema wants the next five."""
REQUIRED = ("first_name", "last_name", "organization", "email", "country")
_NEVER_NULL = ("town_or_city", "post_or_zip")
Missing = Callable[[str], None]


def orcids(graph: Graph, *owners: Facts) -> dict[str, str]:
    """Each name of each creator who has an ORCID → that ORCID."""
    found: dict[str, str] = {}
    people = (DCTERMS.creator, EM.correspondingAuthor, EM.principalInvestigator)
    for node in (node for owner in owners for property_ in people for node in owner.nodes(property_)):
        if node.value.startswith(prefixes()["orcid"]):
            for name in names_of(graph, node, FOAF.name):
                found[name] = node.value.removeprefix(prefixes()["orcid"])
    return found


def _orcid(name: str, known: dict[str, str], others: dict[str, str]) -> str | None:
    """The ORCID of the person of that name, or of the only one of the ``others`` whose name may be another spelling of it."""
    if name in known:
        return known[name]
    alike = {orcid for other, orcid in others.items() if _empiar_names.same(name, other)}
    return alike.pop() if len(alike) == 1 else None


def authors(names: list[str], known: dict[str, str], whose: str, missing: Missing) -> list[dict[str, Any]]:
    """Names in their order; a name that is no person's is told as missing."""
    found: list[dict[str, Any]] = []
    # Who is listed by the very name that goes with an ORCID is no other spelling of somebody else: Wang L is not Wang LX.
    listed = {known[name] for name in names if name in known}
    others = {name: orcid for name, orcid in known.items() if orcid not in listed}
    for name in names:
        written = _empiar_names.author(name)
        if written is None:
            missing(f"{whose}: {name!r} is not a surname with initials, and an organisation cannot be an author")
        else:
            found.append({"name": written, "order_id": len(found), "author_orcid": _orcid(name, known, others)})
    return found


def given_authors(given: Any, missing: Missing) -> tuple[list[str], dict[str, str]]:
    """The names of authors in the user's file, texts or objects with ``name`` and ``author_orcid``, and the ORCIDs there."""
    names, known = list[str](), dict[str, str]()
    for one in given if isinstance(given, list) else [given]:
        name = one.get("name") if isinstance(one, Mapping) else one
        if not isinstance(name, str):
            missing("authors: each is a name, or has one")
            continue
        names.append(name)
        if isinstance(one, Mapping) and one.get("author_orcid"):
            known[name] = str(one["author_orcid"])
    return names, known


def creators(graph: Graph, dataset: Facts) -> list[str]:
    """The creators' names in the order of the record, or, where none has an order, of the alphabet."""
    stated = dataset.words(EM.creatorNames)
    if stated:
        return [name.strip() for name in stated.split(";") if name.strip()]
    people = (facts(graph, node) for node in dataset.nodes(DCTERMS.creator))
    return sorted(one.words(FOAF.name) for one in people if not _is_organisation(one) and one.words(FOAF.name))


def _is_organisation(one: Facts) -> bool:
    return ORG.Organization in one.told.get(RDF.type, ())


def contact(given: Any, whose: str, graph: Graph, people: list[NamedNode], missing: Missing) -> dict[str, Any]:
    """A contact as the user gives it; organisation, country and ORCID are taken from the graph where it knows the person."""
    if not isinstance(given, Mapping):
        missing(f"{whose}: {', '.join(REQUIRED)}, in the file of --corresponding")
        return {}
    made: dict[str, Any] = {key: _told(given.get(key)) for key in CONTACT}
    known = _known(made, graph, people)
    made |= {key: value for key, value in known.items() if not made[key]}
    if made["country"]:
        made["country"] = _lookup.country(made["country"]) or made["country"]
    for key in REQUIRED:
        if not made[key]:
            missing(f"{whose}.{key}: who this is")
    return {key: value for key, value in made.items() if value is not None or key not in _NEVER_NULL}


def _told(value: Any) -> str | None:
    """A value of the file as text; YAML reads some post codes as numbers, and Norway's NO as false."""
    if value is False:
        return "NO"
    return str(value).strip() or None if value is not None else None


def _known(made: dict[str, Any], graph: Graph, people: list[NamedNode]) -> dict[str, str]:
    full = f"{made['first_name']} {made['last_name']}"
    for node in people:
        orcid = node.value.removeprefix(prefixes()["orcid"]) if node.value.startswith(prefixes()["orcid"]) else ""
        by_orcid = bool(orcid) and orcid == made["author_orcid"]
        if by_orcid or any(_empiar_names.same(name, full) for name in names_of(graph, node, FOAF.name)):
            one = facts(graph, node)
            organisation = one.one(ORG.memberOf)
            found = {
                "author_orcid": orcid,
                "organization": facts(graph, organisation).words(FOAF.name) if organisation else "",
                "country": one.words(EM.country),
            }
            return {key: value for key, value in found.items() if value}
    return {}
