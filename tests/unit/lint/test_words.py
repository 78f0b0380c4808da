from __future__ import annotations

import pytest
from tools.lint.tree import Source
from tools.lint.words import check


@pytest.mark.parametrize(
    "word",
    [
        "https://" + "py" + "pi.org/simple",
        "https://files." + "python" + "hosted.org/x.whl",
        "https://registry." + "npm" + "js.org/sass",
        "/" + "work" + "/main",
    ],
)
def test_a_registry_or_a_machine_s_folder_is_refused_in_any_file(word: str) -> None:
    [finding] = check([Source("requirements.lock", f"fine\nsee {word}\n")])
    assert (finding.line, finding.rule) == (2, "words")


@pytest.mark.parametrize("text", ["throughcare work prison", "a framework/tool", "https://www.postgresql.org/docs"])
def test_ordinary_words_are_let_through(text: str) -> None:
    assert list(check([Source("README.md", text)])) == []
