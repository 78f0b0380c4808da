"""All rules together."""

from __future__ import annotations

from collections.abc import Sequence

from tools.lint import (
    aws_in_its_adapter,
    commits,
    decisions,
    feature_files,
    file_length,
    function_length,
    module_names,
    sql_in_stores,
    time_and_ids,
    words,
)
from tools.lint.tree import Finding, Source

RULES = (
    file_length.check,
    function_length.check,
    time_and_ids.check,
    aws_in_its_adapter.check,
    commits.check,
    sql_in_stores.check,
    module_names.check,
    feature_files.check,
    words.check,
    decisions.check,
)


def findings(sources: Sequence[Source]) -> list[Finding]:
    """What every rule says about ``sources``, by path and line."""
    found = [finding for check in RULES for finding in check(sources)]
    return sorted(found, key=lambda finding: (finding.path, finding.line))
