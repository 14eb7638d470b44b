"""One real configuration of the CryoET Data Portal, dataset 10001, trimmed: two of its annotations, five of its authors, no prose."""

from __future__ import annotations

from typing import Any

EXAMPLE: dict[str, Any] = {
    "annotations": [
        {
            "metadata": {
                "annotation_object": {"id": "GO:0005835", "name": "fatty acid synthase complex"},
                "ground_truth_status": True,
                "method_type": "hybrid",
                "version": 1.0,
            },
            "sources": [
                {
                    "Point": {
                        "columns": "xyz",
                        "file_format": "csv",
                        "glob_string": "particle_lists/{run_name}_fas.csv",
                        "is_visualization_default": False,
                    }
                }
            ],
        },
        {
            "metadata": {
                "annotation_object": {"id": "GO:0005739", "name": "mitochondrion"},
                "ground_truth_status": True,
                "method_type": "hybrid",
                "version": 1.0,
            },
            "sources": [
                {
                    "SemanticSegmentationMask": {
                        "file_format": "mrc",
                        "glob_string": "labels/{run_name}_organelles.mrc",
                        "is_visualization_default": True,
                        "mask_label": 2,
                    }
                }
            ],
        },
    ],
    "dataset_keyphotos": [
        {
            "sources": [
                {
                    "literal": {
                        "value": {
                            "snapshot": "https://www.ebi.ac.uk/pdbe/emdb-empiar/entryIcons/10988-l.gif",
                            "thumbnail": "https://www.ebi.ac.uk/pdbe/emdb-empiar/entryIcons/10988.gif",
                        }
                    }
                }
            ]
        }
    ],
    "datasets": [
        {
            "metadata": {
                "assay": {"id": "EFO:0002909", "name": "microscopy assay"},
                "authors": [
                    {"ORCID": "0000-0002-4691-9501", "name": "Irene de Teresa Trueba", "primary_author_status": True},
                    {"ORCID": "0000-0002-9903-3667", "name": "Sara Goetz"},
                    {"ORCID": "0000-0003-0901-8701", "name": "Alexander Mattausch"},
                    {"ORCID": "0000-0001-6968-041X", "corresponding_author_status": True, "name": "Julia Mahamid"},
                    {"ORCID": "0000-0001-8324-4040", "corresponding_author_status": True, "name": "Judith B. Zaugg"},
                ],
                "cell_strain": {"id": "NCBITaxon:284812", "name": "Schizosaccharomyces pombe 972h-"},
                "cell_type": {"id": "CL:0000334", "name": "vegetative cell (sensu Fungi)"},
                "cross_references": {
                    "publications": "doi:10.1101/2022.04.12.488077, doi:10.1038/s41592-022-01746-2",
                    "related_database_entries": "EMPIAR-10988, EMD-14404, EMD-14405, "
                    "EMD-14406, EMD-14408, EMD-14409, "
                    "EMD-14410, EMD-14411",
                },
                "dataset_identifier": 10001,
                "dataset_title": "S. pombe cells from Volta Phase Plate",
                "dates": {
                    "deposition_date": "2023-04-01",
                    "last_modified_date": "2023-06-01",
                    "release_date": "2023-06-01",
                },
                "development_stage": {"id": "unknown", "name": "unknown"},
                "disease": {"id": "PATO:0000461", "name": "normal"},
                "funding": [{"funding_agency_name": "European Research Council (ERC)", "grant_id": "760067"}],
                "organism": {"name": "Schizosaccharomyces pombe 972h-", "taxonomy_id": 284812},
                "sample_type": "primary_cell_culture",
                "tissue": {"id": "CL:0000334", "name": "vegetative cell (sensu Fungi)"},
            },
            "sources": [{"literal": {"value": ["10001"]}}],
        }
    ],
    "depositions": [{"sources": [{"literal": {"value": [10000]}}]}],
    "tiltseries": [
        {
            "metadata": {
                "acceleration_voltage": 300000,
                "binning_from_frames": 1,
                "camera": {"manufacturer": "Gatan", "model": "K2 SUMMIT"},
                "data_acquisition_software": "SerialEM",
                "is_aligned": False,
                "microscope": {"manufacturer": "TFS", "model": "Krios"},
                "microscope_optical_setup": {"energy_filter": "GIF Quantum LS", "phase_plate": "Volta Phase Plate"},
                "pixel_spacing": 3.3702,
                "related_empiar_entry": "EMPIAR-10988",
                "spherical_aberration_constant": 2.7,
                "tilt_axis": 84.7,
                "tilt_range": {"max": "float {tilt_series_max_tilt}", "min": "float {tilt_series_min_tilt}"},
                "tilt_series_quality": 5,
                "tilt_step": 2,
                "tilting_scheme": "Dose symmetric from 0.0 degrees",
                "total_flux": 122,
            },
            "sources": [{"source_glob": {"list_glob": "metadata/{run_name}.st", "match_regex": "(.*)\\.st"}}],
        }
    ],
    "tomograms": [
        {
            "metadata": {
                "processing": "raw",
                "reconstruction_method": "WBP",
                "reconstruction_software": "IMOD",
                "voxel_spacing": 13.48,
            },
            "sources": [{"source_glob": {"list_glob": "tomograms/{run_name}.rec", "match_regex": ".*\\.rec"}}],
        }
    ],
    "version": "1.3.0",
    "voxel_spacings": [{"sources": [{"literal": {"value": [13.48]}}]}],
}
