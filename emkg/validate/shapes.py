"""Which shapes are there: shapes/*.ttl read into plain values. A construct that is not SHACL core is refused, never skipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from emkg.errors import PluginError
from emkg.paths import shapes_dir
from emkg.rdf import BlankNode, Literal, NamedNode, Term, Triple, read_quads, triples_of
from emkg.validate.index import Index
from emkg.validate.report import severity_of
from emkg.vocab import OWL, RDF, RDFS, SH, curie, prefixes

SCALAR = frozenset(
    "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength "
    "pattern uniqueLang equals disjoint lessThan lessThanOrEquals hasValue not node qualifiedValueShape".split()
)
LISTS = frozenset("in languageIn and or xone".split())
HELPERS = frozenset(
    "targetClass targetNode targetSubjectsOf targetObjectsOf path property severity message deactivated name "
    "description order group defaultValue flags closed ignoredProperties qualifiedMinCount qualifiedMaxCount "
    "qualifiedValueShapesDisjoint".split()
)
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
SHAPES = frozenset("not node qualifiedValueShape and or xone".split())
"""Parameters whose values are shapes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a predicate, or its inverse."""

    predicate: NamedNode
    inverse: bool = False


Path_ = tuple[Step, ...]
"""A predicate, an inverse, or a sequence of these (https://www.w3.org/TR/shacl/#property-paths)."""
Argument = Term | tuple[Term, ...] | tuple["Shape", ...] | None


@dataclass(frozen=True, slots=True)
class Constraint:
    """One parameter of SHACL core with its argument; ``options`` are those of its companions (flags, qualifiedMinCount …)."""

    name: str
    argument: Argument
    options: tuple[tuple[str, Argument], ...] = ()

    @property
    def component(self) -> NamedNode:
        """The IRI of the component, such as sh:MinCountConstraintComponent."""
        return SH[f"{self.name[0].upper()}{self.name[1:]}ConstraintComponent"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (no path) or a property shape, with all that it asks."""

    node: NamedNode | BlankNode
    path: Path_ | None
    targets: tuple[tuple[str, Term], ...]
    constraints: tuple[Constraint, ...]
    properties: tuple[Shape, ...]
    severity: str
    message: str


def shape_files(folder: Path | None = None) -> list[Path]:
    """The files of shapes/; the folder is the list (those over the ontology itself are in shapes/meta/)."""
    return sorted((folder or shapes_dir()).glob("*.ttl"))


def shape_triples(files: Iterable[Path]) -> list[Triple]:
    """The statements of shape files as one graph."""
    return [triple for path in files for triple in triples_of(read_quads(path))]


def read_shapes(triples: Iterable[Triple]) -> tuple[Shape, ...]:
    """The shapes that have targets; raises PluginError for what is not SHACL core."""
    index = Index(triples)
    nodes = {node: None for name in TARGETS for node in index.with_property(SH[name])}
    nodes |= {node: None for node in index.instances(SH.NodeShape) if _implicit(index, node)}
    return tuple(_Reader(index).shape(node) for node in sorted(nodes, key=str))


def _implicit(index: Index, node: Term) -> bool:
    return any(node in index.subjects(RDF.type, kind) for kind in (RDFS.Class, OWL.Class))


class _Reader:
    """Reads shapes out of an index; a shape inside itself is refused (https://www.w3.org/TR/shacl/#shapes-recursion)."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._open: list[Term] = []

    def shape(self, node: Term) -> Shape:
        if isinstance(node, Literal):
            raise refused(node, "a literal stands where a shape is wanted")
        if node in self._open:
            raise refused(node, "the shape refers to itself")
        self._refuse_unknown(node)
        self._open.append(node)
        found = Shape(
            node,
            self._path(node),
            tuple(self._targets(node)),
            () if self._off(node) else tuple(self._constraints(node)),
            () if self._off(node) else tuple(self.shape(part) for part in self._index.objects(node, SH.property)),
            self._severity(node),
            self._message(node),
        )
        self._open.pop()
        return found

    def _off(self, node: Term) -> bool:
        value = self._index.one(node, SH.deactivated)
        return value is not None and value.value == "true"

    def _severity(self, node: Term) -> str:
        value = self._index.one(node, SH.severity)
        return severity_of(value) if isinstance(value, NamedNode) else "violation"

    def _message(self, node: Term) -> str:
        messages = [value for value in self._index.objects(node, SH.message) if isinstance(value, Literal)]
        english = [value.value for value in messages if (value.language or "en").startswith("en")]
        return english[0] if english else ""

    def _refuse_unknown(self, node: Term) -> None:
        space = prefixes()["sh"]
        for predicate in self._index.properties(node):
            name = predicate.value.removeprefix(space)
            if predicate.value.startswith(space) and name not in SCALAR | LISTS | HELPERS:
                raise refused(node, f"sh:{name} is not supported")

    def _path(self, node: Term) -> Path_ | None:
        path = self._index.one(node, SH.path)
        return None if path is None else tuple(self._steps(node, path))

    def _steps(self, node: Term, path: Term) -> Iterator[Step]:
        inverse = self._index.one(path, SH.inversePath)
        if isinstance(path, NamedNode) and path != RDF.nil:
            yield Step(path)
        elif isinstance(inverse, NamedNode):
            yield Step(inverse, inverse=True)
        elif self._index.one(path, RDF.first) is not None:
            for part in self._index.members(path):
                yield from self._steps(node, part)
        else:
            raise refused(node, "its path is neither a predicate, an inverse nor a sequence")

    def _targets(self, node: Term) -> Iterator[tuple[str, Term]]:
        for name in TARGETS:
            for value in self._index.objects(node, SH[name]):
                yield name, value
        if _implicit(self._index, node):
            yield "targetClass", node

    def _constraints(self, node: Term) -> Iterator[Constraint]:
        for name in sorted(SCALAR):
            for value in self._index.objects(node, SH[name]):
                argument: Argument = (self.shape(value),) if name in SHAPES else value
                yield from self._scalar(node, name, argument)
        for name in sorted(LISTS):
            for head in self._index.objects(node, SH[name]):
                members = tuple(self._index.members(head))
                yield Constraint(name, tuple(map(self.shape, members)) if name in SHAPES else members)
        closed = self._index.one(node, SH.closed)
        if closed is not None and closed.value == "true":
            yield Constraint("closed", tuple(self._allowed(node)))

    def _scalar(self, node: Term, name: str, argument: Argument) -> Iterator[Constraint]:
        if name == "qualifiedValueShape":
            if self._index.one(node, SH.qualifiedValueShapesDisjoint) is not None:
                raise refused(node, "sh:qualifiedValueShapesDisjoint is not supported")
            for count in ("qualifiedMinCount", "qualifiedMaxCount"):
                value = self._index.one(node, SH[count])
                if value is not None:
                    yield Constraint(count, argument, ((count, value),))
        elif name == "pattern":
            yield Constraint(name, argument, (("flags", self._index.one(node, SH.flags)),))
        elif name != "uniqueLang" or (isinstance(argument, Literal) and argument.value == "true"):
            yield Constraint(name, argument)

    def _allowed(self, node: Term) -> Iterator[Term]:
        for head in self._index.objects(node, SH.ignoredProperties):
            yield from self._index.members(head)
        for part in self._index.objects(node, SH.property):
            path = self._index.one(part, SH.path)
            if isinstance(path, NamedNode):
                yield path


def refused(node: Term, reason: str) -> PluginError:
    """The error for a shape that cannot be evaluated as it stands."""
    name = curie(node) if isinstance(node, NamedNode) else str(node)
    return PluginError(f"shape {name}: {reason}", "shapes/", "write it in SHACL core, or as a check in queries/checks/")
