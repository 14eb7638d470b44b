"""A real record of the Image Data Resource, trimmed: study idr0086 with its one experiment of electron microscopy."""

from __future__ import annotations

from emkg.model import Record

EXAMPLE = Record(
    "idr0086",
    "idr0086-study.txt",
    "",
    {
        "study": {
            "Comment[IDR_Study_Accession]": ["idr0086"],
            "Study_Title": [
                "Chromatin arranges in chains of mesoscale domains with nanoscale functional topography independent of cohesin"
            ],
            "Study_Public_Release_Date": ["2020-07-22"],
            "Study_PubMed_ID": ["32967822"],
            "Study_DOI": ["10.1126/sciadv.aba8811"],
            "Study_Person_Last_Name": ["Miron", "Schermelleh"],
            "Study_Person_First_Name": ["Ezequiel", "Lothar"],
            "Study_Person_ORCID": ["0000-0001-9689-8342", "0000-0002-1612-9699"],
            "Study_License": ["CC BY 4.0"],
        },
        "parts": [
            {
                "Experiment_Number": ["4"],
                "Comment[IDR_Experiment_Name]": ["idr0086-miron-micrographs/experimentD"],
                "Experiment_Data_DOI": ["https://doi.org/10.17867/10000141d"],
                "Experiment_Sample_Type": ["cell"],
                "Experiment_Size": [
                    "5D Images: 11",
                    "Average Image Dimension (XYZCT): 900, 600, 400, 1,1",
                    "Total Tb: ~0.005",
                ],
                "Experiment_Imaging_Method": ["scanning electron microscopy (SEM)"],
                "Experiment_Imaging_Method_Term_Source_REF": ["Fbbi"],
                "Experiment_Imaging_Method_Term_Accession": ["Fbbi_00000257"],
                "Experiment_Organism": ["Homo sapiens"],
                "Experiment_Organism_Term_Source_REF": ["NCBITaxon"],
                "Experiment_Organism_Term_Accession": ["9606"],
                "Experiment_Comments": ["FIB-SEM, Focused Ion Beam Scanning Electron Microscopy"],
            }
        ],
        "containers": [
            {
                "Study": "idr0086-miron-micrographs",
                "Container": "experimentD",
                "Internal_ID": "1161",
                "5D_Images": "11",
                "Size": "4104873039",
            }
        ],
    },
)
