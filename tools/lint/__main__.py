"""``python tools/lint [ROOT]``: prints ``path:line: rule: what to do``; ends with 1 when a rule is broken."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.lint.rules import findings
from tools.lint.tree import read_tree


def run(root: Path) -> int:
    """Check the tree under ``root``; how many rules are broken, at most 1."""
    found = findings(read_tree(root))
    for finding in found:
        print(finding)
    print(f"lint: {len(found)} to mend" if found else "lint: nothing to mend", file=sys.stderr)
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]))
