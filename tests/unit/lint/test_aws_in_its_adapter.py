from __future__ import annotations

import pytest
from tools.lint.aws_in_its_adapter import check
from tools.lint.tree import Source


@pytest.mark.parametrize(
    "code", ["import boto3", "from aiobotocore.session import get_session", "import botocore.exceptions"]
)
def test_an_aws_client_elsewhere_is_refused(code: str) -> None:
    [finding] = check([Source("src/throughcare/kit/outbox/relay.py", code)])
    assert (finding.line, finding.rule) == (1, "aws-in-its-adapter")


@pytest.mark.parametrize(
    "path",
    ["src/throughcare/kit/messaging/aws.py", "src/throughcare/kit/messaging/aws_queues.py", "tests/a.py"],
)
def test_the_adapter_and_tests_may_use_it(path: str) -> None:
    assert list(check([Source(path, "import boto3")])) == []
