"""One real manifest of OpenOrganelle, jrc_hela-2, trimmed: four of its 75 arrays, no prose."""

from __future__ import annotations

from typing import Any

EXAMPLE: dict[str, Any] = {
    "name": "jrc_hela-2",
    "metadata": {
        "title": "Interphase HeLa cell",
        "id": "jrc_hela-2",
        "thumbnailURL": "https://janelia-cosem-datasets.s3.amazonaws.com/jrc_hela-2/thumbnail.jpg",
        "imaging": {
            "id": "Aubrey_17-7-17_Cell2",
            "institution": "Janelia",
            "gridSpacing": {"unit": "nm", "values": {"x": 4.0, "y": 4.0, "z": 5.24}},
            "dimensions": {"unit": "µm", "values": {"x": 48.0, "y": 6.0, "z": 33.0}},
            "startDate": "2017-06-21",
            "duration": 25,
            "biasVoltage": 500.0,
            "scanRate": 0.1,
            "current": 0.25,
            "primaryEnergy": 900.0,
        },
        "sample": {"organism": ["Human"], "type": ["Cell culture"], "subtype": ["HeLa"], "treatment": ["Wild-type"]},
        "institution": ["HHMI/Janelia"],
        "softwareAvailability": "open",
        "DOI": [
            {"href": "https://doi.org/10.25378/janelia.13114211", "title": "EM"},
            {"href": "https://doi.org/10.25378/janelia.13108343", "title": "Segmentations"},
        ],
        "publications": [
            {"href": "https://doi.org/10.1038/s41586-021-03992-4", "title": "Xu et al., 2021"},
            {"href": "https://doi.org/10.1038/s41586-021-03977-3", "title": "Heinrich et al., 2021"},
        ],
    },
    "sources": {
        "fibsem-uint8": {
            "name": "fibsem-uint8",
            "description": "FIB-SEM Data (compressed)",
            "url": "s3://janelia-cosem-datasets/jrc_hela-2/neuroglancer/em/fibsem-uint8.precomputed",
            "format": "precomputed",
            "transform": {
                "axes": ["z", "y", "x"],
                "units": ["nm", "nm", "nm"],
                "translate": [0.0, 6400.0, 0.0],
                "scale": [5.24, -4.0, 4.0],
            },
            "sampleType": "scalar",
            "contentType": "em",
        },
        "fibsem-uint16": {
            "name": "fibsem-uint16",
            "description": "FIB-SEM Data (uncompressed)",
            "url": "s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.n5/em/fibsem-uint16",
            "format": "n5",
            "transform": {
                "axes": ["z", "y", "x"],
                "units": ["nm", "nm", "nm"],
                "translate": [0.0, 0.0, 0.0],
                "scale": [5.24, 4.0, 4.0],
            },
            "sampleType": "scalar",
            "contentType": "em",
        },
        "er_seg": {
            "name": "er_seg",
            "description": "Endoplasmic Reticulum",
            "url": "s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.n5/labels/er_seg",
            "format": "n5",
            "transform": {
                "axes": ["z", "y", "x"],
                "units": ["nm", "nm", "nm"],
                "translate": [0.0, 0.0, 0.0],
                "scale": [5.24, 4.0, 4.0],
            },
            "sampleType": "label",
            "contentType": "segmentation",
            "subsources": [
                {
                    "name": "er_seg",
                    "description": "",
                    "url": "s3://janelia-cosem-datasets/jrc_hela-2/neuroglancer/mesh/er_seg",
                    "format": "neuroglancer_legacy_mesh",
                    "transform": {
                        "axes": ["z", "y", "x"],
                        "units": ["nm", "nm", "nm"],
                        "translate": [0.0, 0.0, 0.0],
                        "scale": [1.0, 1.0, 1.0],
                    },
                    "ids": [],
                }
            ],
        },
        "er_pred": {
            "name": "er_pred",
            "description": "Endoplasmic Reticulum",
            "url": "s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.n5/labels/er_pred",
            "format": "n5",
            "transform": {
                "axes": ["z", "y", "x"],
                "units": ["nm", "nm", "nm"],
                "translate": [0.0, 6400.0, 0.0],
                "scale": [5.24, -4.0, 4.0],
            },
            "sampleType": "scalar",
            "contentType": "prediction",
        },
    },
}
