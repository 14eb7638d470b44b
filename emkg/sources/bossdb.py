"""BossDB: volumes of nervous tissue in collections, experiments and channels, by the public REST API of the Boss.

The API (https://api.bossdb.io/v1; its serializers: jhuapl-boss/boss db9628b, django/bosscore/serializers.py) lists the names of
public collections; a collection lists its experiments, an experiment its channels and its coordinate frame, which holds the
voxel size and where the voxels begin and end. Descriptions are prose and are not taken. Which licence an experiment has is not
said by the API: the Registry of Open Data on AWS names three for all of BossDB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Record, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._arrays import along, distinct, whole
from emkg.sources._base import Repository
from emkg.sources._crosswalk import find
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import Answer, Fetch
from emkg.stated import Text, Whole, composed

PAGES = "https://bossdb.org/project/"
MANAGEMENT = "https://api.bossdb.io/v1/mgmt/resources/"
_ELECTRONS = re.compile(r"(?<![a-z])(em|sem|tem|sb-?f?-?sem|sbem|fib-?sem|atum|electron)(?![a-z])", re.IGNORECASE)
_NAME = re.compile(r"(?=.*[A-Za-z0-9])[\w.-]+", re.ASCII)


class BossDb(Repository):
    """The public experiments of BossDB, each with its channels."""

    name = "bossdb"
    title = "BossDB"
    homepage = "https://bossdb.org/"
    licence = ""
    resource = "bossdb"
    states = (
        "name",
        "voxel size",
        "grid",
        "voxel type",
        "channels",
        "segmentations",
        "number of resolutions",
        "project page",
    )
    lacks = ("species", "tissue", "technique other than that it is by electrons", "licence", "people", "paper", "dates")
    # Voxel size and names as a notebook of the BossDB cookbook prints them (aplbrain/bossdb_cookbook 243effe, Pinky100).
    example: ClassVar[Record] = Record(
        "microns/pinky100",
        "collection/microns/experiment/pinky100",
        "",
        {
            "experiment": {"name": "pinky100", "collection": "microns", "channels": ["em"]},
            "coord_frame": {
                "x_voxel_size": 4.0,
                "y_voxel_size": 4.0,
                "z_voxel_size": 40.0,
                "voxel_unit": "nanometers",
            },
            "channels": [{"name": "em", "experiment": "pinky100", "type": "image"}],
        },
    )
    api: ClassVar[str] = "https://api.bossdb.io/v1/"

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """The experiments in files of JSON, each holding one as ``live`` puts it together, or a list of them."""
        for file in files_below(path, "*.json"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_json(text, name)
            if isinstance(body, Fault):
                yield body
                continue
            for number, one in enumerate(body if isinstance(body, list) else [body]):
                yield Record(_key(one) or f"{name} {number}", name, f"/{number}" if isinstance(body, list) else "", one)

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """Collection by collection, experiment by experiment."""
        for collection in _names(fetch("collection/"), "collections"):
            if isinstance(collection, Fault):
                yield collection
                continue
            place = f"collection/{quote(collection, safe='', errors='replace')}"
            for experiment in _names(fetch(f"{place}/"), "experiments"):
                if isinstance(experiment, Fault):
                    yield experiment
                else:
                    yield from _experiment(fetch, f"{place}/experiment/{quote(experiment, safe='', errors='replace')}")

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume; its channels are access points."""
        about, frame = record["experiment"], record["coord_frame"]
        collection, name = about["collection"].text(), about["name"].text()
        channels = list(record["channels"])
        if not collection or not name or not _NAME.fullmatch(collection) or not _NAME.fullmatch(name):
            about.fault("no names of a collection and an experiment")
            return
        words = [
            collection,
            name,
            *(_words(one[part]) for one in channels for part in ("name", "description")),
        ]
        if not any(_ELECTRONS.search(word) for word in (*words, _words(about["description"]))):
            about.fault("nothing says that it was imaged by electrons")
            return
        slug, title = f"bossdb-{slugify(collection)}-{slugify(name)}", composed(collection, "/", name)
        by_electrons = next(
            (word for one in channels if (word := one["name"].text()) and _ELECTRONS.search(word)), None
        )
        volume = Volume(
            slug,
            title,
            voxel=whole(_voxel(frame)),
            grid=_grid(frame),
            acquisition=Acquisition(slug, techniques=_lookup.techniques("electron microscopy") if by_electrons else ()),
            stated_technique=by_electrons or "",
        )
        project = find("bossdb-project", f"{collection}/{name}") or find("bossdb-project", collection)
        page = f"{PAGES}{project['project']}" if project else ""
        deposit = Deposit(self.resource, identifiers=(title,), landing_page=page)
        points = _access_points(slug, title, channels, about, frame)
        yield Dataset(slug, title, volumes=(volume,), access_points=tuple(points), deposit=deposit)


def _key(body: Any) -> str:
    about = Cursor(body, "", "", [])["experiment"]
    collection, name = about["collection"].text(), about["name"].text()
    return f"{collection}/{name}" if collection and name else ""


def _names(answer: Answer | Fault, part: str) -> Iterator[str | Fault]:
    """The names that a listing holds: ``{"collections": ["kasthuri2015", …]}``."""
    body = answer if isinstance(answer, Fault) else answer.json()
    if isinstance(body, Fault):
        yield body
        return
    listed = body.get(part) if isinstance(body, dict) else None
    if not isinstance(listed, list):
        yield Fault(answer.url if isinstance(answer, Answer) else "", 0, 0, f"no list of {part}", str(body)[:200])
        return
    yield from (one for one in listed if isinstance(one, str) and one)


def _experiment(fetch: Fetch, place: str) -> Iterator[Record | Fault]:
    """One experiment with its frame and channels; a channel that cannot be had is told, and the experiment kept without it."""
    about = _asked(fetch, f"{place}/")
    if isinstance(about, Fault):
        yield about
        return
    body: dict[str, Any] = {"experiment": about, "channels": []}
    asked = (
        {"coord_frame": f"coord/{quote(str(about.get('coord_frame')), safe='', errors='replace')}/"} if about.get("coord_frame") else {}
    )
    for part, address in asked.items():
        found = _asked(fetch, address)
        if isinstance(found, Fault):
            yield found
        else:
            body[part] = found
    listed = about.get("channels")
    for channel in listed if isinstance(listed, list) else []:
        found = _asked(fetch, f"{place}/channel/{quote(str(channel), safe='', errors='replace')}/")
        if isinstance(found, Fault):
            yield found
        else:
            body["channels"].append(found)
    yield Record(_key(body) or place, place, "", body)


def _asked(fetch: Fetch, address: str) -> dict[str, Any] | Fault:
    answer = fetch(address)
    body = answer if isinstance(answer, Fault) else answer.json()
    return body if isinstance(body, dict | Fault) else Fault(address, 0, 0, "not an object", str(body)[:200])


def _words(place: Cursor) -> str:
    return place.value if isinstance(place.value, str) else ""


def _voxel(frame: Cursor) -> Triplet | None:
    unit = frame["voxel_unit"].text() or ""
    return along("xyz", [frame[f"{axis}_voxel_size"].length(unit) for axis in "xyz"])


def _grid(frame: Cursor) -> Triplet | None:
    """The voxels between start and stop."""
    sizes: dict[str, Whole] = {}
    for axis in "xyz":
        start, stop = frame[f"{axis}_start"].whole(positive=False), frame[f"{axis}_stop"].whole(positive=False)
        if start is not None and stop is not None and stop > start:
            sizes[axis] = Whole(stop - start, f"{start.at} {stop.at}")
    return Triplet(sizes["x"], sizes["y"], sizes["z"]) if len(sizes) == 3 else None  # type: ignore[arg-type]


def _access_points(
    slug: str, title: Text, channels: list[Cursor], about: Cursor, frame: Cursor
) -> Iterator[AccessPoint]:
    """Each channel at its address for the client intern, and in its bucket where it lies in one as precomputed."""
    yield AccessPoint(f"{slug}-management-page", f"{MANAGEMENT}{title}", role="metadataRecord", host="bossdb")
    named = [(one, name) for one in channels if (name := one["name"].text()) and _NAME.fullmatch(name)]
    scale, levels = _voxel(frame), about["num_hierarchy_levels"].whole()
    for (one, name), made in zip(named, distinct([name for _, name in named], slug), strict=True):
        kind, datatype = one["type"].text(), one["datatype"].text()
        raw = kind == "image" and (len(named) == 1 or bool(_ELECTRONS.search(name)))
        point = AccessPoint(
            made,
            f"bossdb://{title}/{name}",
            label=name,
            host="bossdb",
            role="rawImage" if raw else "segmentation" if kind == "annotation" else "processedImage",
            voxel_type=_lookup.voxel_type(datatype),
            stated_voxel_type=datatype or "",
            scale=scale,
            level_count=levels,
        )
        yield point
        if url := _bucket(one):
            yield AccessPoint(
                f"{made}-bucket",
                url,
                label=name,
                host=_lookup.host(url),
                role=point.role,
                file_format="formatNeuroglancerPrecomputed",
                voxel_type=point.voxel_type,
                scale=scale,
            )


def _bucket(channel: Cursor) -> Text | None:
    """Where a channel lies that is stored as CloudVolume stores it: a bucket of S3 and a path in it."""
    bucket, path = channel["bucket"].text(), channel["cv_path"].text()
    if channel["storage_type"].text() != "cloudvol" or not bucket or not path:
        return None
    where = composed("s3://", bucket, "/", Text(path.strip("/"), path.at))
    return where if re.fullmatch(r"s3://[a-z0-9.-]+/[\w./-]+", where, re.ASCII) else None
