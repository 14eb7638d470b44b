"""The files of an image set as statements."""

from __future__ import annotations

from emkg.model import Images
from emkg.terms import Pairs, literal
from emkg.vocab import EM


def image_pairs(images: Images) -> Pairs:
    """Category, formats, voxel type, numbers and places of the files."""
    linked = {
        "imageCategory": images.category,
        "fileFormat": images.file_format,
        "headerFormat": images.header_format,
        "voxelType": images.voxel_type,
    }
    for name, local in linked.items():
        if local:
            yield EM[name], EM[local]
    worded = {
        "statedCategory": images.stated_category,
        "statedFileFormat": images.stated_file_format,
        "statedHeaderFormat": images.stated_header_format,
        "statedVoxelType": images.stated_voxel_type,
        "statedPixelSize": images.stated_pixel_size,
        "statedGrid": images.stated_grid,
    }
    for name, words in worded.items():
        if words:
            yield EM[name], literal(words)
    counted = {
        "imageCount": images.count,
        "framesPerImage": images.frames_per_image,
        "frameRangeMin": images.frame_range_min,
        "frameRangeMax": images.frame_range_max,
    }
    for name, number in counted.items():
        if number is not None:
            yield EM[name], literal(number)
    places = {
        "directory": images.directories,
        "micrographsPattern": images.micrographs_patterns,
        "particlesPattern": images.particles_patterns,
        "particlesDirectory": images.particles_directories,
    }
    for name, found in places.items():
        for one in found:
            yield EM[name], literal(one)
