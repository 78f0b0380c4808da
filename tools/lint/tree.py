"""The files that the rules look at, and what they say about them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

SKIPPED = frozenset({"node_modules", "__pycache__", "dist"})
HIDDEN_BUT_OURS = frozenset({".ci"})
BUILT = PurePosixPath("src/throughcare/kit/web/static/assets")


@dataclass(frozen=True)
class Finding:
    """A broken rule: where, which, and what to do about it."""

    path: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


@dataclass(frozen=True)
class Source:
    """One text file; ``path`` counts from the root of the repository, with slashes."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the name of the file."""
        return PurePosixPath(self.path).parts

    @property
    def is_python(self) -> bool:
        """Whether the rules about code apply."""
        return self.path.endswith(".py")

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed code. Raises SyntaxError."""
        return ast.parse(self.text, self.path)

    def inside(self, *folders: str) -> bool:
        """Whether the file lies under one of ``folders``."""
        return any(PurePosixPath(self.path).is_relative_to(folder) for folder in folders)

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every absolutely imported module with its line; ``from a import b`` counts as ``a``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module, node.lineno


def read_tree(root: Path) -> list[Source]:
    """Every text file under ``root`` that is not built, fetched or kept by a tool; sorted by path."""
    found = []
    for folder, folders, names in os.walk(root):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        folders[:] = [name for name in folders if _is_ours(name) and here / name != BUILT]
        for name in names:
            try:
                text = Path(folder, name).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            found.append(Source((here / name).as_posix(), text))
    return sorted(found, key=lambda source: source.path)


def _is_ours(folder: str) -> bool:
    return folder in HIDDEN_BUT_OURS or not (folder in SKIPPED or folder.startswith("."))
