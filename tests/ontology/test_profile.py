"""Does the ontology stay inside OWL 2 EL (https://www.w3.org/TR/owl2-profiles/#OWL_2_EL) and OWL 2 DL?

A check of our own over the RDF form of the axioms (https://www.w3.org/TR/owl2-mapping-to-rdf/); each rule is tried
with a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, XSD, BNode, Literal, URIRef
from rdflib.collection import Collection

from emkg.vocab import prefixes

# Section 2.2.1 of the profile.
DATATYPES = {RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal, OWL.real, OWL.rational} | {
    XSD[name]
    for name in (
        "decimal integer nonNegativeInteger string normalizedString token Name NCName NMTOKEN hexBinary base64Binary "
        "dateTime dateTimeStamp anyURI"
    ).split()
}
# Section 2.2.6, lists of constructs that are not supported; predicates and types.
NOT_IN_EL = {
    OWL.allValuesFrom, OWL.cardinality, OWL.minCardinality, OWL.maxCardinality, OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality, OWL.maxQualifiedCardinality, OWL.complementOf, OWL.unionOf, OWL.disjointUnionOf,
    OWL.datatypeComplementOf, OWL.onDatatype, OWL.withRestrictions, OWL.inverseOf, OWL.propertyDisjointWith,
    OWL.AllDisjointProperties, OWL.InverseFunctionalProperty, OWL.SymmetricProperty, OWL.AsymmetricProperty,
    OWL.IrreflexiveProperty,
}  # fmt: skip
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
EXPRESSIONS = {OWL.Class, OWL.Restriction, RDF.List, OWL.AllDisjointClasses, OWL.AllDifferent, OWL.Axiom}
BUILT_IN = tuple(prefixes()[name] for name in ("rdf", "rdfs", "owl", "xsd"))


def violations(graph: rdflib.Graph) -> list[str]:
    """Every breach, in words."""
    rules = (constructs, datatypes, enumerations, undeclared, several_kinds, anonymous, chain_ranges, irregular)
    return sorted({breach for rule in rules for breach in rule(graph)})


def constructs(graph: rdflib.Graph) -> Iterator[str]:
    for subject, predicate, value in graph:
        for term in (predicate, value if predicate == RDF.type else None):
            if term in NOT_IN_EL:
                yield f"{subject} uses {term}"
    for subject in graph.subjects(RDF.type, OWL.FunctionalProperty):
        if (subject, RDF.type, OWL.ObjectProperty) in graph:
            yield f"{subject} is a functional object property"


def datatypes(graph: rdflib.Graph) -> Iterator[str]:
    for predicate in (OWL.someValuesFrom, RDFS.range, OWL.onDataRange):
        for subject, value in graph.subject_objects(predicate):
            if str(value).startswith(str(XSD)) and value not in DATATYPES:
                yield f"{subject} uses the datatype {value}"
    data_properties = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    for subject, predicate, value in graph:
        used = predicate == OWL.hasValue or predicate in data_properties
        if used and isinstance(value, Literal) and (value.datatype or XSD.string) not in DATATYPES:
            yield f"{subject} {predicate} holds a literal of {value.datatype}"


def enumerations(graph: rdflib.Graph) -> Iterator[str]:
    for subject, members in graph.subject_objects(OWL.oneOf):
        if len(Collection(graph, members)) != 1:
            yield f"{subject} enumerates several individuals"


def undeclared(graph: rdflib.Graph) -> Iterator[str]:
    """OWL 2 DL, section 5.8.2: every class and property that is used is declared."""
    for predicate in set(graph.predicates()):
        if not str(predicate).startswith(BUILT_IN) and not any((predicate, RDF.type, kind) in graph for kind in KINDS):
            yield f"{predicate} is not declared"
    for predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, RDF.type):
        for value in graph.objects(None, predicate):
            if isinstance(value, URIRef) and not str(value).startswith(BUILT_IN):
                if (value, RDF.type, OWL.Class) not in graph:
                    yield f"{value} is not declared"


def several_kinds(graph: rdflib.Graph) -> Iterator[str]:
    """OWL 2 DL, section 5.8.1: no property is of two kinds; by our own rule nothing is both class and individual."""
    for subject in set(graph.subjects(RDF.type)):
        kinds = {kind for kind in (*KINDS, OWL.Class, OWL.NamedIndividual) if (subject, RDF.type, kind) in graph}
        if len(kinds) > 1:
            yield f"{subject} is of several kinds"


def anonymous(graph: rdflib.Graph) -> Iterator[str]:
    """Blank nodes are class expressions and lists only: EL has no anonymous individuals."""
    for node in {term for term in graph.all_nodes() if isinstance(term, BNode)}:
        is_list = (node, RDF.first, None) in graph
        if not is_list and not EXPRESSIONS & set(graph.objects(node, RDF.type)):
            yield "an anonymous individual"


def wider(graph: rdflib.Graph, term: rdflib.term.Node) -> set[rdflib.term.Node]:
    return set(graph.transitive_objects(term, RDFS.subPropertyOf))


def chains(graph: rdflib.Graph) -> Iterator[tuple[rdflib.term.Node, list[rdflib.term.Node]]]:
    for whole, parts in graph.subject_objects(OWL.propertyChainAxiom):
        yield whole, list(Collection(graph, parts))


def chain_ranges(graph: rdflib.Graph) -> Iterator[str]:
    """Section 2.2.6: what a chain's result must be, the last link must be told to be as well."""
    for whole, parts in chains(graph):
        demanded = {value for above in wider(graph, whole) for value in graph.objects(above, RDFS.range)}
        told = {value for above in wider(graph, parts[-1]) for value in graph.objects(above, RDFS.range)}
        if not demanded <= told:
            yield f"the chain for {whole} demands a range that {parts[-1]} lacks"


def irregular(graph: rdflib.Graph) -> Iterator[str]:
    """OWL 2 DL, section 11.2: the properties of chains can be put in an order."""
    below: dict[rdflib.term.Node, set[rdflib.term.Node]] = {}
    for lower, upper in graph.subject_objects(RDFS.subPropertyOf):
        below.setdefault(upper, set()).add(lower)
    for whole, parts in chains(graph):
        if parts == [whole, whole]:
            continue
        rest = parts[1:] if parts[0] == whole else parts[:-1] if parts[-1] == whole else parts
        below.setdefault(whole, set()).update(rest)
    try:
        TopologicalSorter(below).prepare()
    except CycleError as fault:
        yield f"no order of {' '.join(map(str, fault.args[1]))}"


def local(term: rdflib.term.Node) -> str:
    return str(term).removeprefix(prefixes()["emkg"])


def some(text: str) -> str:
    """An axiom on SEM with a restriction on what beam it uses."""
    return f"emkg:SEM rdfs:subClassOf [ a owl:Restriction ; owl:onProperty emkg:usesBeam ; {text} ] ."


def with_axioms(graph: rdflib.Graph, axioms: str) -> rdflib.Graph:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    return graph + rdflib.Graph().parse(data=head + axioms, format="turtle")


def test_ontology_is_in_the_profile(ontology: rdflib.Graph) -> None:
    assert violations(ontology) == []


def test_nothing_is_inferred_from_use(ontology: rdflib.Graph) -> None:
    """Our own rule: a domain or range would type whatever is misused; the shapes complain instead."""
    assert list(ontology.subject_objects(RDFS.domain)) + list(ontology.subject_objects(RDFS.range)) == []


def test_chains_are_those_of_the_model(ontology: rdflib.Graph) -> None:
    assert {(local(whole), " ".join(map(local, parts))) for whole, parts in chains(ontology)} == {
        ("acquiredBy", "isSubVolumeOf acquiredBy"),
        ("acquiredBy", "hasImages acquiredBy"),
        ("hasSample", "isSubVolumeOf hasSample"),
        ("hasSample", "hasImages hasSample"),
        ("taxon", "hasSample taxon"),
        ("region", "hasSample region"),
    }


def test_only_the_agreed_classes_are_disjoint(ontology: rdflib.Graph) -> None:
    """Families overlap: section tomography is TEM and tomography, so SEM, TEM and ET are not disjoint as a whole."""
    pairs = {(local(one), local(other)) for one, other in ontology.subject_objects(OWL.disjointWith)}
    assert pairs == {("SEM", "TEM"), ("BroadBeam", "ScannedBeam")}
    assert (None, RDF.type, OWL.AllDisjointClasses) not in ontology


FAULTS = {
    "union": "emkg:SEM rdfs:subClassOf [ a owl:Class ; owl:unionOf ( emkg:TEM emkg:STEM ) ] .",
    "complement": "emkg:SEM rdfs:subClassOf [ a owl:Class ; owl:complementOf emkg:STEM ] .",
    "universal": some("owl:allValuesFrom emkg:Beam"),
    "cardinality": some("owl:cardinality 1"),
    "inverse": "emkg:host owl:inverseOf emkg:usesTool .",
    "functional": "emkg:host a owl:FunctionalProperty .",
    "symmetric": "emkg:sameSampleAs a owl:SymmetricProperty .",
    "disjoint properties": "emkg:host owl:propertyDisjointWith emkg:taxon .",
    "boolean range": "emkg:digitised rdfs:range xsd:boolean .",
    "double value": some("owl:hasValue 1e0"),
    "year value": "emkg:exactly emkg:issuedPrint '2012'^^xsd:gYear .",
    "two individuals": "emkg:SEM rdfs:subClassOf [ a owl:Class ; owl:oneOf ( emkg:exactly emkg:atLeast ) ] .",
    "undeclared property": "emkg:SEM emkg:nowhere emkg:TEM .",
    "undeclared class": "emkg:SEM rdfs:subClassOf emkg:Nowhere .",
    "two kinds of property": "emkg:host a owl:DatatypeProperty .",
    "class and individual": "emkg:SEM a owl:NamedIndividual .",
    "anonymous individual": "emkg:exactly emkg:status [ emkg:rationale 'none' ] .",
    "range on a chain": "emkg:host owl:propertyChainAxiom ( emkg:taxon emkg:region ) ; rdfs:range emkg:Host .",
    "irregular chains": "emkg:isSubVolumeOf owl:propertyChainAxiom ( emkg:acquiredBy emkg:hasVolume ) .",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_fault_is_caught(ontology: rdflib.Graph, fault: str) -> None:
    assert violations(with_axioms(ontology, fault))


@pytest.mark.parametrize(
    "extension",
    [
        some("owl:someValuesFrom emkg:Beam"),
        "emkg:SEM rdfs:subClassOf [ a owl:Class ; owl:oneOf ( emkg:exactly ) ] .",
        "emkg:acquiredBy rdfs:range emkg:ImagingAcquisition .",
        "emkg:withinRegion owl:propertyChainAxiom ( emkg:withinRegion emkg:withinRegion ) .",
        "emkg:rowIndex a owl:FunctionalProperty .",
    ],
)
def test_what_the_profile_allows_is_let_through(ontology: rdflib.Graph, extension: str) -> None:
    assert violations(with_axioms(ontology, extension)) == []
