"""HermiT and the rules agree on whatever is put to them: random facts over our ontology, and random ontologies."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.errors import InconsistentGraph
from emkg.ids import mint
from emkg.rdf import BlankNode, NamedNode, Triple
from emkg.reason import Engine, Inference, hermit, inferred_triples, reasoning_view, rules
from emkg.vocab import EM, OWL, RDF, RDFS, base, ontology_quads

FEW = settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def outcome(view: list[Triple], engine: Engine) -> list[Triple] | str:
    """What an engine infers, or that there is a contradiction."""
    try:
        return inferred_triples(view, engine)
    except InconsistentGraph:
        return "contradiction"


# Random facts over the real ontology.

_FACETS = (
    *("usesBeam", "detectsSignal", "hasSectioning", "usesTool", "collectsOn", "usesDetector", "usesTransport"),
    *("reconstructsDepthBy", "operatesIn"),
)
_VALUES = {
    "usesBeam": ("ScannedBeam", "MultiBeam", "BroadBeam"),
    "detectsSignal": ("BackscatteredElectrons", "SecondaryElectrons", "TransmittedElectrons", "XRayTransmission"),
    "hasSectioning": (
        "SerialSectioning",
        "ThickSerialSectioning",
        "SingleSection",
        "InSituSurfaceRemoval",
        "BlockFaceRemoval",
    ),
    "usesTool": ("DiamondKnife", "FocusedIonBeam", "GasClusterIonBeam"),
    "collectsOn": ("SolidTape", "GridTape", "Wafer"),
    "usesDetector": ("CameraArray",),
    "usesTransport": ("ReelToReel",),
    "reconstructsDepthBy": ("TiltSeriesTomography", "SectionStacking"),
    "operatesIn": ("LongRunClosedLoop",),
}
_CLASSES = (
    "ImagingAcquisition",
    "ElectronMicroscopy",
    "SEM",
    "TEM",
    "FIBSEM",
    "AutoTEM",
    "SBFSEM",
    "GCIBSEM",
    "ssSEM",
    "XRayMicroCT",
)
_LINKS = ("isSubVolumeOf", "hasVolume", "hasSample", "acquiredBy", "taxon", "region", "withinRegion")


def thing(kind: str, limit: int) -> st.SearchStrategy[NamedNode]:
    return st.integers(0, limit).map(lambda number: mint(kind, f"n{number}"))


def facet(name: str) -> st.SearchStrategy[list[Triple]]:
    """An acquisition has the facet; its value is of a class of that facet and may have a tool of its own."""

    def build(acquisition: NamedNode, value: str, tool: str | None) -> list[Triple]:
        node = mint("facet", f"{value.lower()}-{(tool or 'none').lower()}")
        made = [Triple(acquisition, EM[name], node), Triple(node, RDF.type, EM[value])]
        if tool:
            made += [
                Triple(node, EM.usesTool, mint("facet", tool.lower())),
                Triple(mint("facet", tool.lower()), RDF.type, EM[tool]),
            ]
        return made

    tools = st.sampled_from((None, *_VALUES["usesTool"])) if name == "hasSectioning" else st.none()
    return st.builds(build, thing("acquisition", 7), st.sampled_from(_VALUES[name]), tools)


typed = st.builds(
    lambda node, name: [Triple(node, RDF.type, EM[name])], thing("acquisition", 7), st.sampled_from(_CLASSES)
)
linked = st.builds(
    lambda start, name, end: [Triple(start, EM[name], end)],
    thing("volume", 5),
    st.sampled_from(_LINKS),
    thing("volume", 5),
)
random_facts = st.lists(st.one_of(typed, linked, *map(facet, _FACETS)), min_size=5, max_size=40)


def consistent(groups: list[list[Triple]]) -> list[Triple]:
    """The groups in their order, less each that contradicts those before: else most random sets would say no more."""
    kept = reasoning_view(ontology_quads(), [])
    begin = len(kept)
    for group in groups:
        if outcome([*kept, *group], "rules") != "contradiction":
            kept += group
    return kept[begin:]


def same_from_facts(groups: list[list[Triple]]) -> None:
    facts = reasoning_view(ontology_quads(), consistent(groups))
    assert outcome(facts, "rules") == outcome(facts, "hermit") != "contradiction"
    every = reasoning_view(ontology_quads(), [triple for group in groups for triple in group])
    if outcome(every, "rules") == "contradiction":
        assert outcome(every, "hermit") == "contradiction"


@FEW
@given(random_facts)
def test_random_facts(groups: list[list[Triple]]) -> None:
    same_from_facts(groups)


@pytest.mark.slow
@MANY
@given(random_facts)
def test_many_random_facts(groups: list[list[Triple]]) -> None:
    same_from_facts(groups)


# Random ontologies in OWL 2 EL: nested expressions, existentials on both sides, disjointness, a chain and a hierarchy
# of properties, and facts. What our own ontology happens not to need is compared here too.

A = [NamedNode(f"{base()}test#{letter}") for letter in "ABCDEF"]
R = {name: NamedNode(f"{base()}test#{name}") for name in ("r", "s", "t", "u")}
INDIVIDUALS = [NamedNode(f"{base()}test#{name}") for name in ("i", "j", "k")]

trees = st.recursive(
    st.sampled_from(A),
    lambda inner: st.one_of(
        st.tuples(st.just("and"), inner, inner), st.tuples(st.just("some"), st.sampled_from(list(R.values())), inner)
    ),
    max_leaves=4,
)
axioms = st.one_of(
    st.tuples(st.just("sub"), st.sampled_from(A), trees),
    st.tuples(st.just("equivalent"), st.sampled_from(A), trees),
    st.tuples(st.just("disjoint"), st.sampled_from(A), st.sampled_from(A)),
    st.tuples(st.just("type"), st.sampled_from(INDIVIDUALS), st.sampled_from(A)),
    st.tuples(
        st.just("relation"),
        st.sampled_from(INDIVIDUALS),
        st.sampled_from(list(R.values())),
        st.sampled_from(INDIVIDUALS),
    ),
)
PREDICATES = {"sub": RDFS.subClassOf, "equivalent": OWL.equivalentClass, "disjoint": OWL.disjointWith, "type": RDF.type}


def as_rdf(tree: object, into: list[Triple]) -> NamedNode | BlankNode:
    """The node of a class expression; its statements go into the list."""
    if isinstance(tree, NamedNode):
        return tree
    assert isinstance(tree, tuple)
    node = BlankNode()
    if tree[0] == "some":
        into += [Triple(node, RDF.type, OWL.Restriction), Triple(node, OWL.onProperty, tree[1])]
        into.append(Triple(node, OWL.someValuesFrom, as_rdf(tree[2], into)))
        return node
    into.append(Triple(node, RDF.type, OWL.Class))
    into.append(Triple(node, OWL.intersectionOf, listed([as_rdf(part, into) for part in tree[1:]], into)))
    return node


def listed(members: list[NamedNode | BlankNode], into: list[Triple]) -> NamedNode | BlankNode:
    rest: NamedNode | BlankNode = RDF.nil
    for member in reversed(members):
        node = BlankNode()
        into += [Triple(node, RDF.first, member), Triple(node, RDF.rest, rest)]
        rest = node
    return rest


def random_view(drawn: list[tuple[object, ...]]) -> list[Triple]:
    """r is below s; s is transitive; t after s is t; u is made of r, then t."""
    view = [Triple(name, RDF.type, OWL.Class) for name in A]
    view += [Triple(name, RDF.type, OWL.ObjectProperty) for name in R.values()]
    view += [Triple(name, RDF.type, OWL.NamedIndividual) for name in INDIVIDUALS]
    view += [Triple(R["r"], RDFS.subPropertyOf, R["s"]), Triple(R["s"], RDF.type, OWL.TransitiveProperty)]
    view.append(Triple(R["t"], OWL.propertyChainAxiom, listed([R["s"], R["t"]], view)))
    view.append(Triple(R["u"], OWL.propertyChainAxiom, listed([R["r"], R["t"]], view)))
    for kind, subject, *rest in drawn:
        assert isinstance(subject, NamedNode)
        if kind == "relation":
            view.append(Triple(subject, rest[0], rest[1]))
        elif (subject, kind) != (rest[0], "disjoint"):
            view.append(Triple(subject, PREDICATES[str(kind)], as_rdf(rest[0], view)))
    return view


def same_from_axioms(drawn: list[tuple[object, ...]]) -> None:
    view = random_view(drawn)

    def all_of(infer: object) -> Inference | str:
        try:
            return infer(view)  # type: ignore[operator]
        except InconsistentGraph:
            return "contradiction"

    by_rules, by_hermit = all_of(rules.infer), all_of(hermit.infer)
    assert by_rules == by_hermit


def test_a_narrow_relation_is_also_the_wider_transitive_one() -> None:
    """HermiT tells a relation under its most specific property only; found by the random ontologies."""
    i, j, k = INDIVIDUALS
    view = random_view([("relation", i, R["r"], j), ("relation", j, R["r"], k), ("relation", k, R["t"], i)])
    expected = {(i, "r", j), (j, "r", k), (i, "s", j), (j, "s", k), (i, "s", k), (k, "t", i), (j, "t", i), (i, "t", i)}
    expected |= {(j, "u", i)} | {(i, "u", i)}
    for engine in (rules, hermit):
        assert engine.infer(view).relations == {(start, R[name], end) for start, name, end in expected}


@settings(FEW, max_examples=4)
@given(st.lists(axioms, min_size=4, max_size=16))
def test_random_ontologies(drawn: list[tuple[object, ...]]) -> None:
    same_from_axioms(drawn)


@pytest.mark.slow
@settings(MANY, max_examples=150)
@given(st.lists(axioms, min_size=4, max_size=16))
def test_many_random_ontologies(drawn: list[tuple[object, ...]]) -> None:
    same_from_axioms(drawn)
