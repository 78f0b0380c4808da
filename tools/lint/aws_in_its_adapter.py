"""Only the SNS and SQS adapter of the bus knows AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.lint.tree import Finding, Source

CLIENTS = frozenset({"aiobotocore", "boto3", "botocore", "types_aiobotocore_sns", "types_aiobotocore_sqs"})
ADAPTER = "src/throughcare/kit/messaging/aws"


def check(sources: Sequence[Source]) -> Iterator[Finding]:
    """AWS clients imported elsewhere in the product."""
    for source in sources:
        if not source.is_python or not source.inside("src") or source.path.startswith(ADAPTER):
            continue
        for module, line in source.imports():
            if module.partition(".")[0] in CLIENTS:
                advice = f"{module} belongs in kit/messaging/aws*.py: use the Bus"
                yield Finding(source.path, line, "aws-in-its-adapter", advice)
