"""The named questions as RDF, in the form that SIB's editors and assistants read: sh:SPARQLExecutable with its text and
its target (https://github.com/sib-swiss/sparql-examples; SHACL, §5.1 for the prefixes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from emkg.ask import Question, questions
from emkg.ids import mint, own_iri, well_known_graphs
from emkg.rdf import Literal, Triple
from emkg.sparql import outline
from emkg.vocab import DCTERMS, RDF, RDFS, SCHEMA, SH, prefixes

_FORMS = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct"}
_PREFIX = re.compile(r"(?<![\w:?$<])([A-Za-z][\w.-]*):")


def executable(text: str) -> str:
    """A query with the prefixes that it uses declared, so that any endpoint runs it as it stands.

    >>> executable("ASK { ?s a skos:Concept }").splitlines()[0].startswith("PREFIX skos: <")
    True
    """
    used = set(_PREFIX.findall(text))
    return "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes().items() if name in used) + text


def example_triples() -> Iterator[Triple]:
    """Every named question whose form has an executable class (SHACL has none for DESCRIBE)."""
    for question in questions().values():
        form = _FORMS.get(outline(question.text).form)
        if form is not None:
            yield from _example(question, form)


def _example(question: Question, form: str) -> Iterator[Triple]:
    node, asked = mint("question", question.name), Literal(question.question, language="en")
    yield Triple(node, RDF.type, SH.SPARQLExecutable)
    yield Triple(node, RDF.type, SH[f"SPARQL{form}Executable"])
    yield Triple(node, RDFS.label, asked)
    yield Triple(node, RDFS.comment, asked)
    yield Triple(node, DCTERMS.description, Literal(question.why, language="en"))
    yield Triple(node, SH.prefixes, well_known_graphs()["ontology"])
    yield Triple(node, SH[form.lower()], Literal(executable(question.text)))
    yield Triple(node, SCHEMA.target, own_iri("sparql"))
