"""``python -m emkg.reason [FILE]``: writes ontology/inferred/hierarchy.ttl, or the file named, anew."""

from __future__ import annotations

import sys
from pathlib import Path

from emkg.errors import EmkgError
from emkg.reason import write_hierarchy

if __name__ == "__main__":
    try:
        sys.stdout.write(f"{write_hierarchy(Path(sys.argv[1]) if sys.argv[1:] else None)}\n")
    except EmkgError as fault:
        sys.exit(str(fault))
