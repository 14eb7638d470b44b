"""Papers by addresses and DOIs: a DOI only where the address makes it certain, its version apart, its place kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.ids import doi_iri
from emkg.sources._references import doi_of, is_of_article, is_of_data, paper
from emkg.stated import Text, Whole


@pytest.mark.parametrize(
    ("words", "doi", "version"),
    [
        ("10.7554/eLife.57443", "10.7554/elife.57443", ""),
        ("doi: [10.1038/nature09802](https://doi.org/10.1038/nature09802). PMID: 21390124", "10.1038/nature09802", ""),
        ("https://doi.org/10.1016/S0022-5320(59)90002-4", "10.1016/s0022-5320(59)90002-4", ""),
        ("(doi:10.1016/j.cell.2012.12.013)", "10.1016/j.cell.2012.12.013", ""),
        ("https://www.biorxiv.org/content/10.1101/605634v1", "10.1101/605634", "v1"),
        ("https://www.biorxiv.org/content/10.1101/2020.10.14.338681v2.full.pdf", "10.1101/2020.10.14.338681", "v2"),
        ("10.64898/2026.04.22.719970v1", "10.64898/2026.04.22.719970", "v1"),
        ("https://arxiv.org/abs/1811.11356v1", "10.48550/arxiv.1811.11356", "v1"),
        ("https://arxiv.org/pdf/1611.00421.pdf", "10.48550/arxiv.1611.00421", ""),
        ("https://www.nature.com/articles/nmeth.4151", "10.1038/nmeth.4151", ""),
        ("https://www.nature.com/articles/s41592-021-01330-0.pdf", "10.1038/s41592-021-01330-0", ""),
        ("https://elifesciences.org/articles/57443", "10.7554/elife.57443", ""),
        ("https://www.frontiersin.org/articles/10.3389/fncir.2018.00102/full", "10.3389/fncir.2018.00102", ""),
        (
            "https://journals.plos.org/plosbiology/article?id=10.1371/journal.pbio.3002158",
            "10.1371/journal.pbio.3002158",
            "",
        ),
        ("https://doi.org/10.6084%2Fm9.figshare.856713.v1", "10.6084/m9.figshare.856713.v1", ""),
        ("https://www.sciencedirect.com/science/article/pii/S0092867418307876", None, ""),
        ("https://www.nature.com/articles/", None, ""),
        ("https://openreview.net/forum?id=ExBq9A8Ypk", None, ""),
        ("version 10.1/x", None, ""),
        ("http://[", None, ""),
    ],
)
def test_the_doi_of_an_address(words: str, doi: str | None, version: str) -> None:
    assert doi_of(Text(words, "/u")) == (doi, version)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "10.1234/", "https://doi.org/10.1038/", "https://www.nature.com/articles/", "https://["]),
)
def test_a_doi_is_an_iri_in_lower_case(words: str, before: str) -> None:
    doi, _ = doi_of(Text(before + words, "/u"))
    is_of_article(before + words)
    if doi is not None:
        assert doi == doi.lower() and doi.at == "/u"
        assert doi_iri(doi).value.endswith(doi)


def test_nothing_has_no_doi() -> None:
    assert doi_of(None) == (None, "") == doi_of(Text(""))


@pytest.mark.parametrize(
    ("address", "article"),
    [
        ("https://doi.org/10.5281/zenodo.5760218", False),
        ("https://doi.org/10.1038/s41586-025-08790-w", True),
        ("https://papers.miccai.org/miccai-2024/677-Paper0518.html", True),
        ("https://cremi.org/", False),
    ],
)
def test_articles_and_data_are_told_apart(address: str, article: bool) -> None:
    assert is_of_article(address) is article


def test_a_prefix_is_the_whole_prefix() -> None:
    assert is_of_data("10.6019/empiar-10310")
    assert not is_of_data("10.60199/empiar-10310") and not is_of_data("10.601/x")


@pytest.mark.parametrize(
    ("authors", "first"),
    [
        ("Wanner et al.", "Wanner"),
        ("Ohyama Et Al.", "Ohyama"),
        ("Briggman and Bock", "Briggman"),
        ("Zheng et al.; Dorkenwald et al.", "Zheng"),
        ("C. Shan Xu, Kenneth J. Hayworth", "C. Shan Xu"),
        ("MICrONS Consortium", ""),  # one name alone may be that of a group
    ],
)
def test_the_first_author_is_told_where_more_follow(authors: str, first: str) -> None:
    made = paper("p", authors=Text(authors, "/a"), year=Whole(2016, "/y"))
    assert (made.first_author, made.authors_as_stated, made.year) == (first, authors, 2016)


def test_a_paper_without_doi_keeps_its_page() -> None:
    assert paper("p", address=Text("https://a.org/paper", "/u")).url == "https://a.org/paper"
    assert paper("p", address=Text("no address", "/u")).url == ""
    assert paper("p", address=Text("https://arxiv.org/abs/1811.11356v1", "/u")).classes == ("fabio:Preprint",)
