"""Do these statements conform to these shapes? SHACL core over an index, one walk per constraint.

It is the build's validator, some hundred times faster than pySHACL, which remains the judge
(emkg/validate/judge.py): the tests hold the two equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from emkg.rdf import BlankNode, Literal, NamedNode, Term
from emkg.validate.index import Index
from emkg.validate.report import Result, parts
from emkg.validate.shapes import Constraint, Path_, Shape
from emkg.validate.values import order, well_formed
from emkg.vocab import SH

Fault = tuple[Term | None, NamedNode | None]
"""The value at fault, and the property where it is another than the shape's."""


def evaluate(index: Index, shapes: Iterable[Shape]) -> list[Result]:
    """The results of all shapes on their targets."""
    run = _Evaluator(index)
    return [result for shape in shapes for focus in run.targets(shape) for result in run.results(shape, focus)]


class _Evaluator:
    def __init__(self, index: Index) -> None:
        self.index = index
        self._instances: dict[Term, dict[Term, None]] = {}

    def instances(self, name: Term) -> dict[Term, None]:
        if name not in self._instances:
            self._instances[name] = self.index.instances(name)
        return self._instances[name]

    def targets(self, shape: Shape) -> dict[Term, None]:
        found: dict[Term, None] = {}
        for kind, value in shape.targets:
            if kind == "targetClass":
                found |= self.instances(value)
            elif kind == "targetNode":
                found[value] = None
            elif isinstance(value, NamedNode):
                subjects = kind == "targetSubjectsOf"
                found |= dict.fromkeys(self.index.with_property(value) if subjects else self.index.values_of(value))
        return found

    def results(self, shape: Shape, focus: Term) -> Iterator[Result]:
        values = self.values(shape.path, focus)
        path = shape.path[0].predicate if shape.path and len(shape.path) == 1 and not shape.path[0].inverse else None
        for constraint in shape.constraints:
            test = _TESTS.get(constraint.name)
            if test is not None:  # nearly all constraints of nearly all nodes, and met: no generator for each
                for value in values:
                    if not test(self, constraint, value):
                        yield self._result(shape, constraint, focus, path, value)
                continue
            for found, other in _WHOLE[constraint.name](self, constraint, focus, values, path):
                yield self._result(shape, constraint, focus, other or path, found)
        for part in shape.properties:
            for value in values:
                yield from self.results(part, value)

    def _result(
        self, shape: Shape, constraint: Constraint, focus: Term, path: NamedNode | None, value: Term | None
    ) -> Result:
        what, repair = parts(shape.message)
        source = shape.node if isinstance(shape.node, NamedNode) else SH.Shape
        what = what or f"sh:{constraint.name} is not met"
        return Result(focus, path, value, shape.severity, what, repair, source, constraint.component)

    def values(self, path: Path_ | None, focus: Term) -> list[Term]:
        if path is None:
            return [focus]
        if len(path) == 1 and not path[0].inverse:  # nearly every path
            return list(self.index.objects(focus, path[0].predicate))
        found: dict[Term, None] = {focus: None}
        for step in path:
            look = self.index.subjects if step.inverse else None
            found = {
                value: None
                for node in found
                for value in (look(step.predicate, node) if look else self.index.objects(node, step.predicate))
            }
        return list(found)

    def conforms(self, shape: Shape, node: Term) -> bool:
        return next(self.results(shape, node), None) is None


Component = Callable[[_Evaluator, Constraint, Term, list[Term], NamedNode | None], Iterator[Fault]]
Test = Callable[[_Evaluator, Constraint, Term], bool]


def _term(constraint: Constraint) -> Term:
    assert isinstance(constraint.argument, NamedNode | BlankNode | Literal)
    return constraint.argument


def _many(constraint: Constraint) -> tuple[Term, ...]:
    assert isinstance(constraint.argument, tuple)
    return tuple(item for item in constraint.argument if not isinstance(item, Shape))


def _shapes(constraint: Constraint) -> tuple[Shape, ...]:
    assert isinstance(constraint.argument, tuple)
    return tuple(item for item in constraint.argument if isinstance(item, Shape))


def _is_kind(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    name = _term(constraint).value.rsplit("#", 1)[1]
    kind = {NamedNode: "IRI", BlankNode: "BlankNode", Literal: "Literal"}[type(value)]
    return kind in name


def _is_datatype(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return isinstance(value, Literal) and value.datatype == _term(constraint) and well_formed(value)


def _has_class(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return value in run.instances(_term(constraint))


def _compares(*allowed: int) -> Test:
    return lambda run, constraint, value: order(value, _term(constraint)) in allowed


def _length(value: Term) -> int | None:
    return None if isinstance(value, BlankNode) else len(value.value)


def _is_long_enough(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    length = _length(value)
    return length is not None and length >= int(_term(constraint).value)


def _is_short_enough(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    length = _length(value)
    return length is not None and length <= int(_term(constraint).value)


@cache
def _regex(pattern: str, flags: str) -> re.Pattern[str]:
    known = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
    combined = re.NOFLAG
    for letter in flags:
        combined |= known[letter]
    return re.compile(pattern, combined)


def _matches(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    flags = dict(constraint.options).get("flags")
    text = flags.value if isinstance(flags, Literal) else ""
    return not isinstance(value, BlankNode) and bool(_regex(_term(constraint).value, text).search(value.value))


def _is_in_language(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    language = (value.language or "").lower() if isinstance(value, Literal) else ""
    ranges = [item.value.lower() for item in _many(constraint)]
    return any(language == wanted or language.startswith(f"{wanted}-") for wanted in ranges)


def _min_count(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    if len(values) < int(_term(constraint).value):
        yield None, None


def _max_count(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    if len(values) > int(_term(constraint).value):
        yield None, None


def _qualified(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    (shape,) = _shapes(constraint)
    met = sum(run.conforms(shape, value) for value in values)
    limit = dict(constraint.options)[constraint.name]
    assert isinstance(limit, Literal)
    if met < int(limit.value) if constraint.name == "qualifiedMinCount" else met > int(limit.value):
        yield None, None


def _has_value(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    if _term(constraint) not in values:
        yield None, None


def _unique_lang(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    languages = [(value.language or "").lower() for value in values if isinstance(value, Literal)]
    for language in sorted(set(languages) - {""}):
        if languages.count(language) > 1:
            yield None, None


def _property(constraint: Constraint) -> NamedNode:
    argument = _term(constraint)
    assert isinstance(argument, NamedNode)
    return argument


def _equals(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    others = list(run.index.objects(focus, _property(constraint)))
    yield from ((value, None) for value in values if value not in others)
    yield from ((other, None) for other in others if other not in values)


def _disjoint(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    others = set(run.index.objects(focus, _property(constraint)))
    yield from ((value, None) for value in values if value in others)


def _less(*allowed: int) -> Component:
    def faults(
        run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
    ) -> Iterator[Fault]:
        others = list(run.index.objects(focus, _property(constraint)))
        return ((value, None) for value in values for other in others if order(value, other) not in allowed)

    return faults


def _closed(
    run: _Evaluator, constraint: Constraint, focus: Term, values: list[Term], path: NamedNode | None
) -> Iterator[Fault]:
    allowed = set(_many(constraint))
    for node in values:
        for predicate, objects in run.index.properties(node).items():
            yield from ((value, predicate) for value in objects if predicate not in allowed)


def _meets_all(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return all(run.conforms(shape, value) for shape in _shapes(constraint))


def _meets_any(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return any(run.conforms(shape, value) for shape in _shapes(constraint))


def _meets_one(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return sum(run.conforms(shape, value) for shape in _shapes(constraint)) == 1


def _meets_none(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return not _meets_any(run, constraint, value)


def _is_listed(run: _Evaluator, constraint: Constraint, value: Term) -> bool:
    return value in _many(constraint)


_TESTS: dict[str, Test] = {
    "class": _has_class,
    "datatype": _is_datatype,
    "nodeKind": _is_kind,
    "minExclusive": _compares(1),
    "minInclusive": _compares(0, 1),
    "maxExclusive": _compares(-1),
    "maxInclusive": _compares(-1, 0),
    "minLength": _is_long_enough,
    "maxLength": _is_short_enough,
    "pattern": _matches,
    "languageIn": _is_in_language,
    "in": _is_listed,
    "and": _meets_all,
    "or": _meets_any,
    "xone": _meets_one,
    "not": _meets_none,
    "node": _meets_all,
}
_WHOLE: dict[str, Component] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "qualifiedMinCount": _qualified,
    "qualifiedMaxCount": _qualified,
    "hasValue": _has_value,
    "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less(-1),
    "lessThanOrEquals": _less(-1, 0),
    "closed": _closed,
}
