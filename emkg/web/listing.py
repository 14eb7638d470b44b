"""Which datasets a list shows: what the address asks for, the facets with their counts, the order, and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from emkg.metadata.summaries import Summary, Thing
from emkg.vocab import EM, curie

PAGE = 50
LONGEST = 200
"""Characters of a value that are read."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list: ``shown`` are a dataset's own values, ``matched`` those by which it is found."""

    name: str
    label: str
    shown: Callable[[Summary], Iterable[Thing]]
    matched: Callable[[Summary], Iterable[Thing]]


def _licences(one: Summary) -> tuple[Thing, ...]:
    return one.licences or ((Thing(EM.licenceUnknown, "licence unknown", "unknown"),) if one.licence_unknown else ())


FACETS = (
    Facet("species", "Species", lambda one: one.species, lambda one: one.species),
    Facet("technique", "Technique", lambda one: one.techniques, lambda one: one.all_techniques),
    Facet("region", "Region", lambda one: one.regions, lambda one: one.all_regions),
    Facet("host", "Host", lambda one: one.hosts, lambda one: one.hosts),
    Facet("licence", "Licence", _licences, _licences),
    Facet("source", "Source", lambda one: one.sources, lambda one: one.sources),
)
ORDERS: Mapping[str, str] = {
    "title": "title",
    "-year": "newest first",
    "year": "oldest first",
    "voxel": "finest first",
    "-extent": "largest first",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for, made plain: values of facets as given, the largest voxel edge in nm, words, order,
    page. Equal wishes are equal values, so that an answer can be kept under its wish.
    """

    facets: tuple[tuple[str, str], ...] = ()
    voxel_max: Decimal | None = None
    words: str = ""
    sort: str = "title"
    page: int = 0

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Wish:
        """The wish of a query string; what is unknown or no number is passed over, as a link with a typo still lists.

        >>> Wish.read({"species": " mouse ", "voxel_max": "10", "page": "x", "colour": "red"})
        Wish(facets=(('species', 'mouse'),), voxel_max=Decimal('10'), words='', sort='title', page=0)
        """
        given = {name: " ".join(value.split())[:LONGEST] for name, value in parameters.items()}
        facets = tuple((facet.name, given[facet.name]) for facet in FACETS if given.get(facet.name))
        sort = given.get("sort", "")
        page = given.get("page", "")
        return cls(
            facets=facets,
            voxel_max=_decimal(given.get("voxel_max", "")),
            words=given.get("q", ""),
            sort=sort if sort in ORDERS else "title",
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 0,
        )

    def address(self, **changed: str) -> str:
        """The address of this wish with some of it changed; an empty value takes its part away, and a change of
        anything but the page begins at the first page.
        """
        told = {**dict(self.facets), "voxel_max": str(self.voxel_max or ""), "q": self.words}
        told |= {"sort": self.sort if self.sort != "title" else ""}
        return "/datasets?" + urlencode({name: value for name, value in (told | changed).items() if value})

    def value(self, facet: str) -> str:
        """The value asked for, or an empty text."""
        return dict(self.facets).get(facet, "")


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found > 0 else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its key in an address, its name, how many datasets it leaves, whether it is asked for."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The datasets that a wish leaves: all of them in order, those of its page, and what would narrow the list."""

    wish: Wish
    found: tuple[Summary, ...]
    shown: tuple[Summary, ...]
    page: int
    pages: int
    choices: tuple[tuple[Facet, tuple[Choice, ...]], ...]


def key_of(thing: Thing) -> str:
    """How an address names a thing: shortly, and so that it is found again.

    >>> from emkg.ids import mint
    >>> key_of(Thing(mint("host", "bossdb"), "BossDB"))
    'bossdb'
    """
    if thing.node == EM.licenceUnknown:
        return "unknown"
    prefix, _, local = curie(thing.node).partition(":")
    return local.rpartition("/")[2] if prefix in ("emr", "emt") else f"{prefix}:{local}"


def names_of(thing: Thing) -> set[str]:
    """Every spelling, in lower case, by which a value of a facet is found."""
    told = (key_of(thing), thing.label, thing.short, thing.node.value, curie(thing.node), *thing.others)
    return {name.casefold() for name in told if name}


def list_datasets(all_of_them: Sequence[Summary], wish: Wish) -> Listing:
    """The listing of a wish."""
    tests = {name: _facet_test(all_of_them, name, value) for name, value in wish.facets}
    others = [one for one in all_of_them if _fits(one, wish)]
    found = [one for one in others if all(test(one) for test in tests.values())]
    choices = []
    for facet in FACETS:
        # A facet counts what it would leave with its own choice taken back, so that one can turn from mouse to fly.
        rest = [test for name, test in tests.items() if name != facet.name]
        left = [one for one in others if all(test(one) for test in rest)] if facet.name in tests else found
        choices.append((facet, _choices(facet, left, wish.value(facet.name))))
    ordered = tuple(sorted(found, key=_order(wish.sort)))
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(1, wish.page), pages)
    return Listing(wish, ordered, ordered[(page - 1) * PAGE : page * PAGE], page, pages, tuple(choices))


def _facet_test(all_of_them: Sequence[Summary], name: str, value: str) -> Callable[[Summary], bool]:
    facet = next(facet for facet in FACETS if facet.name == name)
    wanted = value.casefold()
    found = {thing for one in all_of_them for thing in facet.matched(one)}
    things = {thing for thing in found if wanted in names_of(thing)}
    return lambda one: not things.isdisjoint(facet.matched(one))


def _choices(facet: Facet, left: Sequence[Summary], asked: str) -> tuple[Choice, ...]:
    counts = Counter(thing for one in left for thing in dict.fromkeys(facet.shown(one)))
    wanted = asked.casefold()
    found = [
        Choice(key_of(thing), _name(thing), count, wanted in names_of(thing))
        for thing, count in sorted(counts.items(), key=lambda item: (-item[1], item[0].label.casefold()))
    ]
    if asked and not any(choice.chosen for choice in found):
        # A broader technique or region may be no dataset's own value and yet be asked for.
        broader = [thing for one in left for thing in facet.matched(one) if wanted in names_of(thing)]
        key, label = (key_of(broader[0]), _name(broader[0])) if broader else (asked, asked)
        found.insert(0, Choice(key, label, len(broader), True))
    return tuple(found)


def _name(thing: Thing) -> str:
    return f"{thing.label} ({thing.short})" if thing.short and thing.node != EM.licenceUnknown else thing.label


def _fits(one: Summary, wish: Wish) -> bool:
    if wish.voxel_max is not None and not any(
        all(Decimal(edge.value) <= wish.voxel_max for edge in lengths if edge is not None) for lengths in one.voxels
    ):
        return False
    if not wish.words:
        return True
    things = (*one.species, *one.regions, *one.techniques, *one.hosts, *one.creators, *one.papers, *one.sources)
    told = " ".join(
        (one.title, one.slug, one.doi, *one.other_names, *(" ".join((t.label, t.short, *t.others)) for t in things))
    )
    return all(word in told.casefold() for word in wish.words.casefold().split())


def _order(sort: str) -> Callable[[Summary], tuple[object, ...]]:
    def size(one: Summary) -> Decimal:
        products = [x * y * z for x, y, z in ([_edge(edge) for edge in lengths] for lengths in one.extents)]
        return max(products, default=Decimal(0))

    def finest(one: Summary) -> Decimal:
        return min((max(_edge(edge) for edge in lengths) for lengths in one.voxels), default=Decimal("Infinity"))

    keys: Mapping[str, Callable[[Summary], object]] = {
        "year": lambda one: one.year or "9999",
        "-year": lambda one: -int(one.year or 0),
        "voxel": finest,
        "-extent": lambda one: -size(one),
        "title": lambda one: one.title.casefold(),
    }
    return lambda one: (keys[sort](one), one.title.casefold(), one.node.value)


def _edge(edge: object) -> Decimal:
    return Decimal(getattr(edge, "value", "0"))
