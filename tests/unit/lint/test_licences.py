from __future__ import annotations

import pytest
from tools.licences import LicenceUnknown, licence_of, python_groups

PROJECT = """
[project]
dependencies = ["pydantic>=2.14,<3", "typer"]
[project.optional-dependencies]
aws = ["aiobotocore>=3.10"]
[dependency-groups]
dev = ["moto[server,sns,sqs]>=5.2", "mypy ; python_version < '4'"]
"""


def test_dependencies_are_listed_by_name_under_what_they_are_for() -> None:
    assert python_groups(PROJECT) == {
        "In production": ["pydantic", "typer"],
        "With the extra `aws`": ["aiobotocore"],
        "For development": ["moto", "mypy"],
    }


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        (
            {
                "License-Expression": ["BSD-3-Clause"],
                "Classifier": ["License :: OSI Approved :: MIT License"],
            },
            "BSD-3-Clause",
        ),
        ({"Classifier": ["Topic :: Software", "License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"License": ["Apache 2.0\nand a long text"]}, "Apache 2.0"),
        ({"License-Text": ["MIT License\n\nCopyright"]}, "MIT License"),
    ],
)
def test_the_plainest_statement_of_a_licence_is_taken(metadata: dict[str, list[str]], licence: str) -> None:
    assert licence_of(metadata, "example") == licence


def test_a_package_without_a_licence_is_refused_by_name() -> None:
    with pytest.raises(LicenceUnknown, match="example names no licence"):
        licence_of({"Name": ["example"]}, "example")
