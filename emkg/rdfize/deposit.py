"""A dataset as a deposit: accession, dates, people, grants, licence, references, as statements."""

from __future__ import annotations

from collections.abc import Iterator

from emkg.ids import doi_iri, mint, slugify
from emkg.model import Dataset, Deposit, Grant, Person
from emkg.rdf import Literal, NamedNode
from emkg.stated import Text, joined, place
from emkg.terms import Pairs, Told, Value, english, literal, tell, term, year
from emkg.vocab import DCAT, DCTERMS, EM, FOAF, ORG, OWL, RDF, RDFS, XSD, iri


def deposit_pairs(dataset: Dataset, deposit: Deposit) -> Pairs:
    """What a deposit says of its dataset."""
    yield EM.inRepository, mint("resource", deposit.repository)
    for identifier in deposit.identifiers:
        yield DCTERMS.identifier, literal(identifier)
    if deposit.doi:
        yield EM.doi, literal(deposit.doi)
        yield DCAT.landingPage, doi_iri(deposit.doi)
    if deposit.landing_page:
        yield DCAT.landingPage, NamedNode(str(deposit.landing_page))
    yield from _standing(deposit)
    dates = {
        DCTERMS.dateSubmitted: deposit.submitted,
        DCTERMS.issued: deposit.issued,
        DCTERMS.modified: deposit.modified,
        EM.obsoleted: deposit.obsoleted,
    }
    for predicate, date in dates.items():
        if date:
            yield predicate, year(date) if isinstance(date, int) else literal(date)
    if deposit.version:
        yield EM.recordVersion, literal(deposit.version)
    yield from _people(dataset, deposit)
    for number, _ in enumerate(deposit.grants, 1):
        yield EM.hasGrant, mint("grant", f"{dataset.slug}-{number}")
    for name in deposit.institutions:
        yield EM.institution, _organisation_iri(name)
    for word in deposit.keywords:
        yield DCAT.keyword, literal(word)
    if deposit.byte_size is not None:
        size = Literal(repr(float(deposit.byte_size)), datatype=XSD.double)
        yield EM.bytesReported, Value(size, place(deposit.byte_size))
    for address in deposit.related:
        yield DCTERMS.relation, NamedNode(str(address))
    for accession in deposit.related_accessions:
        yield EM.relatedAccession, literal(accession)


def _standing(deposit: Deposit) -> Pairs:
    if deposit.status:
        yield EM.recordStatus, EM[deposit.status]
    if deposit.status == "obsolete":
        yield OWL.deprecated, Literal("true", datatype=XSD.boolean)
    for slug in deposit.replaced_by:
        yield DCTERMS.isReplacedBy, mint("dataset", slug)
    if deposit.licence:
        yield DCTERMS.license, term(deposit.licence)
    yield EM.licenceStatus, EM.licenceKnown if deposit.licence else EM.licenceUnknown
    if deposit.stated_licence:
        yield EM.statedLicence, literal(deposit.stated_licence)


def _people(dataset: Dataset, deposit: Deposit) -> Pairs:
    roles = {
        DCTERMS.creator: deposit.creators,
        EM.correspondingAuthor: deposit.corresponding,
        EM.principalInvestigator: deposit.investigators,
    }
    for predicate, people in roles.items():
        for person in people:
            yield predicate, person_iri(dataset, person)
    if deposit.creators:
        yield EM.creatorNames, literal(joined("; ", [_text(person.name) for person in deposit.creators]))


def _text(words: str) -> Text:
    return words if isinstance(words, Text) else Text(words)


def person_iri(dataset: Dataset, person: Person) -> NamedNode:
    """The ORCID; a person without one is one of this dataset only, since a name is no identity."""
    if person.orcid:
        return iri("orcid:" + person.orcid)
    return mint("agent", f"{dataset.slug}-{slugify(person.name) or 'unnamed'}")


def deposit_statements(dataset: Dataset, deposit: Deposit) -> Iterator[list[Told]]:
    """The people and grants of a deposit."""
    for person in dict.fromkeys((*deposit.creators, *deposit.corresponding, *deposit.investigators)):
        yield tell(person_iri(dataset, person), _person(person))
        if person.organisation:
            yield tell(_organisation_iri(person.organisation), _organisation(person.organisation))
    for name in deposit.institutions:
        yield tell(_organisation_iri(name), _organisation(name))
    for number, grant in enumerate(deposit.grants, 1):
        yield tell(mint("grant", f"{dataset.slug}-{number}"), _grant(grant))


def author_statements(authors: tuple[Person, ...]) -> Iterator[list[Told]]:
    """The authors of a paper who have an ORCID: a name alone is no identity, and stands in the paper's ``authorsAsStated``."""
    for person in authors:
        yield tell(iri("orcid:" + person.orcid), _person(person))


def _person(person: Person) -> Pairs:
    yield RDF.type, FOAF.Person
    yield FOAF.name, literal(person.name)
    yield RDFS.label, english(person.name)
    if person.organisation:
        yield ORG.memberOf, _organisation_iri(person.organisation)
    for name, words in {"country": person.country, "statedCountry": person.stated_country}.items():
        if words:
            yield EM[name], literal(words)


def _organisation_iri(name: str) -> NamedNode:
    return mint("agent", f"org-{slugify(name)[:80].strip('-') or 'unnamed'}")


def _organisation(name: str) -> Pairs:
    yield RDF.type, ORG.Organization
    yield FOAF.name, literal(name)
    yield RDFS.label, english(name)


def _grant(grant: Grant) -> Pairs:
    yield RDF.type, EM.Grant
    parts = [_text(words) for words in (grant.funding_body, grant.code) if words]
    if parts:
        yield RDFS.label, english(joined(" ", parts))
    worded = {
        "fundingBody": grant.funding_body,
        "grantCode": grant.code,
        "country": grant.country,
        "statedCountry": grant.stated_country,
    }
    for name, words in worded.items():
        if words:
            yield EM[name], literal(words)
