"""One real entry of EMPIAR (EMPIAR-10934), trimmed: no prose, no contacts beyond what is read."""

from __future__ import annotations

from typing import Any

from emkg.model import Record

_CITATION: dict[str, Any] = {
    "authors": [
        {"name": "Lancey C", "order_id": 1, "author_orcid": "0000-0001-9064-4085"},
        {"name": "Hamdan SM", "order_id": 12, "author_orcid": "0000-0001-5192-1852"},
        {"name": "De Biasio A", "order_id": 13, "author_orcid": "0000-0003-2139-2958"},
    ],
    "editors": [],
    "published": True,
    "preprint": False,
    "j_or_nj_citation": True,
    "title": "Cryo-EM structure of human Pol κ bound to DNA and mono-ubiquitylated PCNA",
    "volume": "12",
    "country": None,
    "year": "2021",
    "language": "English",
    "doi": "10.1038/s41467-021-26251-6",
    "pubmedid": "34667155",
    "journal": "Nature communications",
    "journal_abbreviation": "Nat Commun",
    "issue": "1",
}
_IMAGE_SET: dict[str, Any] = {
    "segmentations": [],
    "name": "Multiframe micrographs of human Pol κ complexed with monoubiquitylated PCNA and DNA",
    "directory": "data/CL44-1_20201106_111915",
    "category": "micrographs - multiframe",
    "header_format": "TIFF",
    "data_format": "TIFF",
    "num_images_or_tilt_series": 3889,
    "frames_per_image": 45,
    "frame_range_min": None,
    "frame_range_max": None,
    "voxel_type": "UNSIGNED BYTE",
    "pixel_width": 0.543,
    "pixel_height": 0.543,
    "micrographs_file_pattern": "data/CL44-1_20201106_111915/Images-Disc1/GridSquare_*/Data/FoilHole_*_fractions.tiff.bz2",
    "picked_particles_file_pattern": "",
    "picked_particles_directory": "",
    "image_width": "11520",
    "image_height": "8184",
}
EXAMPLE = Record(
    "EMPIAR-10934",
    "EMPIAR-10934.json",
    "/EMPIAR-10934",
    {
        "title": "Cryo-EM multiframe micrographs of human Pol kappa complexed with DNA and monoubiquitylated PCNA",
        "status": "REL",
        "experiment_type": "EMDB",
        "scale": None,
        "deposition_date": "2021-12-31",
        "release_date": "2022-02-07",
        "obsolete_date": None,
        "update_date": "2022-02-07",
        "dataset_size": "1.9 TB",
        "entry_doi": "10.6019/EMPIAR-10934",
        "corresponding_author": {
            "author": {
                "author_orcid": "0000-0001-9064-4085",
                "first_name": "Claudia",
                "last_name": "Lancey",
                "organization": "Department of Molecular &amp; Cell Biology, University of Leicester",
                "country": "United Kingdom",
            }
        },
        "principal_investigator": [
            {
                "author": {
                    "author_orcid": "0000-0003-2139-2958",
                    "first_name": "Alfredo",
                    "last_name": "De Biasio",
                    "organization": "King Abdullah University of Science and Technology",
                    "country": "Saudi Arabia",
                }
            }
        ],
        "authors": [
            {"author": {"name": "Lancey C", "author_orcid": "0000-0001-9064-4085"}},
            {"author": {"name": "Sobhy MA", "author_orcid": None}},
            {"author": {"name": "De Biasio A", "author_orcid": "0000-0003-2139-2958"}},
        ],
        "cross_references": ["EMD-12602"],
        "biostudies_references": [],
        "idr_references": [],
        "empiar_references": [],
        "grant_references": [],
        "version_history": [],
        "workflow_file": None,
        "citation": [_CITATION],
        "imagesets": [_IMAGE_SET],
    },
)
