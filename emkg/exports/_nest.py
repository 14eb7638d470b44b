"""Triples as one JSON tree: each thing is written out once, at the place nearest to the root, and things that are
mere names everywhere.

Framing (https://www.w3.org/TR/json-ld11-framing/) was tried and left: it embeds depth first, so that of two papers
the second stood inside the first's ``preprintOf`` and as a bare identifier among ``papers``, and it drops what the
root does not reach. Here the tree is laid out breadth first, what nothing refers to goes into ``included``, and
PyLD compacts it; nothing is lost, which the tests hold for every dataset.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Any

from emkg.errors import ExportError
from emkg.exports._context import context, order, ranks, used
from emkg.rdf import BlankNode, Literal, NamedNode, Term, Triple
from emkg.vocab import EM, RDF, XSD

Node = NamedNode | BlankNode
Json = Any
_INTEGER = re.compile(r"0|-?[1-9]\d*")
_DEEPEST = 6
_LEAD_NOWHERE = (EM.about, RDF.type)
_SAFE = 2**53  # beyond it, JSON readers lose integers (RFC 8259 §6)


class _Tree:
    """The layout: which thing is written out under which."""

    def __init__(self, triples: Iterable[Triple], roots: Sequence[NamedNode]) -> None:
        self.facts: dict[Node, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.claims: dict[Node, list[Node]] = defaultdict(list)
        for triple in sorted(set(triples), key=str):
            assert isinstance(triple.subject, NamedNode | BlankNode)
            assert isinstance(triple.object, NamedNode | BlankNode | Literal)
            self.facts[triple.subject][triple.predicate].append(triple.object)
        for subject, facts in self.facts.items():
            homes = [about for about in facts.get(EM.about, []) if isinstance(about, NamedNode) and about in self.facts]
            if homes and subject not in roots:
                self.claims[homes[0]].append(subject)
        self.names = {node for node, facts in self.facts.items() if node not in roots and self._is_name(facts)}
        self.names |= self._shared() - set(roots)
        self.tops: list[Node] = []
        self._home: dict[Node, Node | None] = {}
        self._lay_out([root for root in roots if root in self.facts])
        self.placed = len(self.tops)
        while rest := [
            node for node in sorted(self.facts, key=str) if node not in self._home and node not in self.names
        ]:
            self._lay_out(rest[:1])
        self._top_names()

    def _is_name(self, facts: dict[NamedNode, list[Term]]) -> bool:
        things = [
            term
            for predicate, terms in facts.items()
            for term in terms
            if predicate != RDF.type and not isinstance(term, Literal)
        ]
        return not things and len(facts) <= 5

    def _shared(self) -> set[Node]:
        """Samples and acquisitions of mere names and literals: volumes share them, and each volume shows them."""
        found = {
            term for facts in self.facts.values() for p in (EM.hasSample, EM.acquiredBy) for term in facts.get(p, [])
        }
        return {node for node in found if not isinstance(node, Literal) and self._things(node) <= self.names}

    def _things(self, node: Node) -> set[Term]:
        return {term for p, terms in self.facts[node].items() if p != RDF.type for term in terms if term in self.facts}

    def _lay_out(self, tops: list[Node]) -> None:
        self.tops += tops
        self._home |= dict.fromkeys(tops)
        queue: deque[tuple[Node, int]] = deque((top, 0) for top in tops)
        while queue:
            node, depth = queue.popleft()
            if depth == _DEEPEST:
                continue  # what lies deeper stands at the top
            for child in [*self._children(node), *self.claims.get(node, [])]:
                if child in self.facts and child not in self._home and child not in self.names:
                    self._home[child] = node
                    queue.append((child, depth + 1))

    def _children(self, node: Node) -> Iterable[Node]:
        facts = self.facts[node]
        for predicate in sorted(facts, key=rank):
            if predicate not in _LEAD_NOWHERE:
                yield from (term for term in facts[predicate] if isinstance(term, NamedNode | BlankNode))

    def _top_names(self) -> None:
        """A name that nothing refers to stands by itself."""
        referred = {
            term
            for facts in self.facts.values()
            for predicate, terms in facts.items()
            if predicate != RDF.type
            for term in terms
        }
        self.tops += [node for node in sorted(self.names, key=str) if node not in referred]

    def write(self, node: Node, under: Node | None = None) -> Json:
        """The node in expanded form: in full where it has its home, by its identifier elsewhere."""
        reference = {"@id": node.value if isinstance(node, NamedNode) else str(node)}
        if node not in self.facts or (node not in self.names and under is not None and self._home[node] != under):
            return reference
        made: Json = dict(reference)
        for predicate, terms in self.facts[node].items():
            if predicate == RDF.type and all(isinstance(term, NamedNode) for term in terms):
                made["@type"] = [term.value for term in terms]
            elif told := [
                term for term in terms if not (predicate == EM.about and term == under)
            ]:  # the key "claims" says it
                made[predicate.value] = [
                    _literal(t) if isinstance(t, Literal) else self._child(t, node, predicate) for t in told
                ]
        about = [self.write(claim, node) for claim in self.claims.get(node, []) if self._home.get(claim) == node]
        return made | ({"@reverse": {EM.about.value: about}} if about else {})

    def _child(self, node: Node, under: Node, predicate: NamedNode) -> Json:
        """Written out under the first property only that leads from its home to it."""
        first = next(
            (p for p in sorted(self.facts[under], key=rank) if p not in _LEAD_NOWHERE and node in self.facts[under][p]),
            None,
        )
        if node in self.names or first == predicate:
            return self.write(node, under)
        return {"@id": node.value if isinstance(node, NamedNode) else str(node)}


def rank(predicate: NamedNode) -> tuple[int, str]:
    """Sorts properties: those with natural names first, in their order."""
    return ranks().get(predicate, len(ranks())), predicate.value


def _literal(term: Literal) -> Json:
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype == XSD.string:
        return {"@value": term.value}
    if term.datatype == XSD.boolean and term.value in ("true", "false"):
        return {"@value": term.value == "true", "@type": term.datatype.value}
    if term.datatype == XSD.integer and _INTEGER.fullmatch(term.value) and abs(int(term.value)) < _SAFE:
        return {"@value": int(term.value), "@type": term.datatype.value}
    return {"@value": term.value, "@type": term.datatype.value}


def nest(triples: Iterable[Triple], roots: Sequence[NamedNode]) -> Json:
    """The triples as a JSON-LD document: the one root with its tree, or several in ``@graph``; keys as in our
    context, of which it carries its part.
    """
    tree = _Tree(triples, roots)
    written = [tree.write(top) for top in tree.tops]
    if len(roots) == 1 and tree.placed == 1:
        body = _compact(written[0] | ({"@included": written[1:]} if written[1:] else {}))
    else:
        body = {"@graph": _compact({"@graph": written}).get("@graph", [])}
    return {"@context": used(body, context())} | body


def _compact(expanded: Json) -> Json:
    from pyld import jsonld  # 0.2 s to import

    options = {"documentLoader": _refuse, "compactArrays": True, "processingMode": "json-ld-1.1", "skipExpansion": True}
    compacted = jsonld.compact([expanded], context(), options)
    compacted.pop("@context", None)
    return _ordered(compacted)


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=order)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _refuse(url: str, _options: object = None) -> Json:
    raise ExportError("a remote JSON-LD context is not loaded", url, "write the context into the document")
