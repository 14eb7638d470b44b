"""A dataset as an archive's deposit: accession, people, dates, licence, grants, references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from emkg.stated import Day, Whole

Curie = NewType("Curie", str)
"""A name such as ``UBERON:0002436`` that emkg.vocab.iri turns into an IRI; full IRIs pass as they are."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person by name, ORCID, organisation and country; nothing else of a person is kept (decision 9)."""

    name: str
    orcid: str = ""
    organisation: str = ""
    country: str = ""
    stated_country: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant: who gave it, its code, the country (ISO 3166-1 alpha-2, or the source's word)."""

    funding_body: str = ""
    code: str = ""
    country: str = ""
    stated_country: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """What an archive says of a dataset as a deposit.

    ``repository`` is the slug of a related resource, ``status`` the local name of a record status, ``byte_size`` in bytes;
    ``issued`` is a day or, where no more is stated, a year; ``related`` are addresses of records elsewhere, ``related_accessions``
    their accessions as stated, ``replaced_by`` slugs of datasets; ``institutions`` are the organisations that a dataset is from;
    ``version`` is the number of the record's newest version.
    """

    repository: str
    identifiers: tuple[str, ...] = ()
    doi: str = ""
    landing_page: str = ""
    status: str = ""
    licence: Curie | None = None
    stated_licence: str = ""
    submitted: Day | None = None
    issued: Day | Whole | None = None
    modified: Day | None = None
    creators: tuple[Person, ...] = ()
    corresponding: tuple[Person, ...] = ()
    investigators: tuple[Person, ...] = ()
    grants: tuple[Grant, ...] = ()
    institutions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    byte_size: int | None = None
    related: tuple[str, ...] = ()
    related_accessions: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    obsoleted: Day | None = None
    version: str = ""
