"""Reasoning: what follows from the ontology and the facts, by HermiT or, without Java, by the rules of OWL 2 EL."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from emkg.errors import InconsistentGraph, ReasonerError
from emkg.paths import ontology_dir
from emkg.rdf import NamedNode, RdfFormat, Triple, sort_key, write
from emkg.reason.inference import Inference, direct
from emkg.reason.view import reasoning_view
from emkg.vocab import RDF, RDFS, ontology_quads, prefixes

__all__ = [
    "Engine",
    "Inference",
    "choose_engine",
    "hierarchy_turtle",
    "infer",
    "inferred_triples",
    "inferred_where_consistent",
    "reasoning_view",
    "write_hierarchy",
]

Engine = Literal["hermit", "rules"]

_HEAD = """\
# The direct subclass relations among the classes of the ontology, as HermiT infers them. Generated: do not edit.
# To make it anew after a change of the axioms: python -m emkg.reason
"""


def choose_engine(asked: Literal["auto", "hermit", "rules"]) -> Engine:
    """The engine to use: as asked, or HermiT where a Java is found and the rules where none is.

    >>> choose_engine("rules")
    'rules'
    """
    if asked != "auto":
        return asked
    from emkg.reason import hermit

    try:
        hermit.java()
    except ReasonerError:
        return "rules"
    return "hermit"


def infer(view: list[Triple], engine: Engine = "hermit", memory: Path | None = None) -> Inference:
    """All that follows from a view; raises InconsistentGraph, or ReasonerError where the engine cannot run.

    ``memory`` is a folder in which HermiT's answers are kept.
    """
    if engine == "hermit":
        from emkg.reason import hermit
        from emkg.reason.remembered import remembered
        from emkg.reason.representatives import represent

        smaller = represent(view)
        try:
            return smaller.expand(remembered(memory, smaller.view, hermit.infer))
        except InconsistentGraph as fault:
            raise smaller.blamed(fault) from None
    from emkg.reason import rules

    return rules.infer(view)


def inferred_triples(view: list[Triple], engine: Engine = "hermit", memory: Path | None = None) -> list[Triple]:
    """What follows and is not stated: subclasses, types and relations, all closed; sorted, the same from either engine.

    Raises InconsistentGraph also where a class can have no instance.

    >>> from emkg.vocab import EM
    >>> found = inferred_triples(reasoning_view(ontology_quads(), []), "rules")
    >>> Triple(EM.GCIBSEM, RDFS.subClassOf, EM.ssSEM) in found
    True
    """
    inference = _satisfiable(infer(view, engine, memory))
    found = {Triple(low, RDFS.subClassOf, high) for low, high in inference.hierarchy}
    found |= {Triple(individual, RDF.type, name) for individual, name in inference.types}
    found |= {Triple(*relation) for relation in inference.relations}
    return sorted(found - set(view), key=sort_key)


def inferred_where_consistent(
    view: list[Triple], engine: Engine, memory: Path | None = None
) -> tuple[list[Triple], list[InconsistentGraph]]:
    """What follows, with those individuals left out of reasoning that contradict the ontology; each is told as an error.

    A contradiction that no individual is to blame for, such as an unsatisfiable class, is raised.
    """
    faults: list[InconsistentGraph] = []
    while True:
        try:
            return inferred_triples(view, engine, memory), faults
        except InconsistentGraph as fault:
            blamed = set(fault.individuals)
            kept = [triple for triple in view if not blamed & {_name(triple.subject), _name(triple.object)}]
            if len(kept) == len(view):
                raise
            faults.append(fault)
            view = kept


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _satisfiable(inference: Inference) -> Inference:
    if inference.unsatisfiable:
        named = "; ".join(reason or f"{name.value} can have no instance" for name, reason in inference.unsatisfiable)
        raise InconsistentGraph(f"unsatisfiable class: {named}", "ontology/", "mend the axioms of that class")
    return inference


def hierarchy_turtle(engine: Engine = "hermit") -> bytes:
    """The file ontology/inferred/hierarchy.ttl as the engine would write it."""
    pairs = direct(_satisfiable(infer(reasoning_view(ontology_quads(), []), engine)).hierarchy)
    names = {prefix: prefixes()[prefix] for prefix in ("emkg", "rdfs")}
    body = write([Triple(low, RDFS.subClassOf, high) for low, high in pairs], RdfFormat.TURTLE, names)
    return _HEAD.encode() + body


def write_hierarchy(path: Path | None = None, engine: Engine = "hermit") -> Path:
    """Writes the inferred hierarchy, by default to ontology/inferred/hierarchy.ttl, and returns where."""
    target = path or ontology_dir() / "inferred" / "hierarchy.ttl"
    text = hierarchy_turtle(engine)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text)
    return target
