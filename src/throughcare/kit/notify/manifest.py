"""Which templates a service sends, and the fields that each needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from throughcare.kit.notify.keys import template_id

if TYPE_CHECKING:
    from throughcare.kit.notify.client import TemplateSeen

Manifest = Mapping[str, Sequence[str]]
"""Template keys with the names of their personalisation fields."""

_IGNORED = str.maketrans("", "", " _-")


class UnknownTemplate(ValueError):
    """A message that could never be sent: its template or one of its fields is not in the manifest."""


def check(manifest: Manifest, template: str, given: Sequence[str]) -> None:
    """Refuse a message that Notify would refuse later, when nobody sees it. Raises UnknownTemplate."""
    if template not in manifest:
        raise UnknownTemplate(f"{template!r} is not in the manifest of templates")
    needed, have = {_same(name) for name in manifest[template]}, {_same(name) for name in given}
    if needed != have:
        raise UnknownTemplate(f"{template}: missing {sorted(needed - have)}, not asked for {sorted(have - needed)}")


def template_differences(manifest: Manifest, ids: Mapping[str, UUID], seen: Sequence[TemplateSeen]) -> list[str]:
    """How the templates at Notify differ from ``manifest``: a line each, none when all is well.

    ``ids`` are the configured ids by key; a key without one has the stand-in's id. ``seen`` is what
    ``NotifyPeer.templates`` answers.
    """
    by_id = {one.id: one for one in seen}
    lines = []
    for key, names in manifest.items():
        found = by_id.get(ids.get(key) or template_id(key))
        if found is None:
            lines.append(f"{key}: there is no such template")
            continue
        wanted, asked = {_same(name) for name in names}, {_same(name) for name in found.personalisation}
        if wanted != asked:
            lines.append(f"{key}: not sent {sorted(asked - wanted)}, not used {sorted(wanted - asked)}")
    return lines


def _same(name: str) -> str:
    return name.translate(_IGNORED).lower()
