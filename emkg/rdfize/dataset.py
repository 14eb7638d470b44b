"""A dataset, its counts, reconstructions, relations and claims as statements."""

from __future__ import annotations

from collections.abc import Iterator

from emkg.ids import mint, slugify
from emkg.model import Count, Dataset, Reconstruction, Relation, TextClaim
from emkg.rdf import Triple
from emkg.rdfize.access import access_pairs
from emkg.rdfize.deposit import author_statements, deposit_pairs, deposit_statements
from emkg.rdfize.paper import paper_iri, paper_pairs
from emkg.rdfize.volume import lengths, volume_statements
from emkg.stated import composed
from emkg.terms import Pairs, Told, english, literal, tell, term
from emkg.vocab import CITO, DCAT, DCTERMS, EM, PROV, RDF, RDFS


def dataset_statements(dataset: Dataset) -> Iterator[list[Told]]:
    """Everything that a record says of a dataset, subject by subject."""
    yield tell(mint("dataset", dataset.slug), _dataset(dataset))
    for volume in dataset.volumes:
        yield from volume_statements(volume)
    for count in dataset.counts:
        yield tell(mint("count", count.slug), _count(dataset, count))
    for point in dataset.access_points:
        yield tell(mint("distribution", point.slug), access_pairs(dataset, point))
    for paper in dataset.papers:
        yield tell(paper_iri(paper), paper_pairs(paper))
        yield from author_statements(paper.authors)
    for made in dataset.reconstructions:
        yield tell(mint("reconstruction", made.slug), _reconstruction(made))
    yield [_relation(relation) for relation in dataset.relations]
    for claim in dataset.claims:
        yield tell(mint("claim", _claim_slug(claim)), _claim(dataset, claim))
    if dataset.deposit:
        yield from deposit_statements(dataset, dataset.deposit)


def _dataset(dataset: Dataset) -> Pairs:
    yield RDF.type, EM.Dataset
    yield DCTERMS.title, literal(dataset.title)
    yield RDFS.label, english(dataset.title)
    for title in dataset.alternative_titles:
        yield DCTERMS.alternative, literal(title)
    if dataset.description:
        yield DCTERMS.description, literal(dataset.description)
    for volume in dataset.volumes:
        yield (EM.hasVolume if volume.kind == "volume" else EM.hasImageSet), mint(volume.kind, volume.slug)
    for count in dataset.counts:
        yield EM.hasCount, mint("count", count.slug)
    for point in dataset.access_points:
        yield DCAT.distribution, mint("distribution", point.slug)
    for paper in dataset.papers:
        yield CITO.isDocumentedBy, paper_iri(paper)
    if dataset.deposit:
        yield from deposit_pairs(dataset, dataset.deposit)


def _count(dataset: Dataset, count: Count) -> Pairs:
    yield RDF.type, EM.CountAnnotation
    yield RDFS.label, english(composed(dataset.title, f": {_counted(dataset, count)} count"))
    yield EM.countOf, term(count.counted)
    yield EM.comparator, EM[count.comparator]
    yield EM.asStated, literal(count.as_stated)
    for name, number in {"value": count.value, "minValue": count.minimum, "maxValue": count.maximum}.items():
        if number is not None:
            yield EM[name], literal(number)
    if count.role:
        yield EM.countRole, EM[count.role]
    if count.scope:
        yield EM.countScope, EM[count.scope]
    if count.sub_count_of:
        yield EM.subCountOf, mint("count", count.sub_count_of)
    if count.rounded:
        yield EM.precision, EM.rounded


def _counted(dataset: Dataset, count: Count) -> str:
    """What is counted, in words, without its number: another source may overrule the number, not the name."""
    return count.slug.removeprefix(f"{dataset.slug}-").replace("-", " ")


def _reconstruction(made: Reconstruction) -> Pairs:
    yield RDF.type, EM.Reconstruction
    yield RDFS.label, english(made.title)
    yield PROV.wasDerivedFrom, mint(made.derived_from_kind, made.derived_from)
    if made.voxel:
        yield from lengths(made.voxel, "voxel", EM.statedVoxelSize)
    if made.extent:
        yield from lengths(made.extent, "extent", EM.statedExtent)


def _relation(relation: Relation) -> Told:
    subject = mint(relation.subject_kind, relation.subject)
    return Told(Triple(subject, term(relation.predicate), mint(relation.object_kind, relation.object)), "")


def _claim_slug(claim: TextClaim) -> str:
    return f"{claim.about}-{slugify(claim.property)}-{slugify(format(claim.value, 'f'))}-read"


def _claim(dataset: Dataset, claim: TextClaim) -> Pairs:
    """A value read out of free text: proposed, so that it does not enter ``current`` by itself, with the words it was read from."""
    yield RDF.type, EM.Claim
    yield RDFS.label, english(composed(f"{claim.property} of {claim.about}: ", claim.value))
    yield EM.about, mint(claim.about_kind, claim.about)
    yield EM.property, EM[claim.property]
    yield EM.claimedValue, literal(claim.value)
    yield EM.status, EM.proposed
    yield PROV.wasDerivedFrom, mint("dataset", dataset.slug)
    yield EM.quotedText, literal(claim.quoted)
    yield EM.confidence, literal(claim.confidence)
