"""Write ``expected.txt`` of a case anew: ``python -m ingest.expect NAME`` in ``tests``; read every line before it is kept."""

from __future__ import annotations

import sys

from ingest.cases import CASES
from ingest.test_layouts import read, shown

if __name__ == "__main__":
    for case in CASES:
        if case.layout in sys.argv[1:]:
            (case.path.parent / "expected.txt").write_text(shown(read(case.path)), encoding="utf-8", newline="\n")
