"""The files of an image set: kind, formats, type of voxel, how many, where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Images:
    """The images of a set as an archive lists them; category, formats and voxel type are local names of ours, found by a crosswalk.

    What no crosswalk knows stays in the ``stated_*`` words.
    """

    category: str = ""
    stated_category: str = ""
    file_format: str = ""
    stated_file_format: str = ""
    header_format: str = ""
    stated_header_format: str = ""
    voxel_type: str = ""
    stated_voxel_type: str = ""
    count: int | None = None
    frames_per_image: int | None = None
    frame_range_min: int | None = None
    frame_range_max: int | None = None
    directories: tuple[str, ...] = ()
    micrographs_patterns: tuple[str, ...] = ()
    particles_patterns: tuple[str, ...] = ()
    particles_directories: tuple[str, ...] = ()
    stated_pixel_size: str = ""
    stated_grid: str = ""
