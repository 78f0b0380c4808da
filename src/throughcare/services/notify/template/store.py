"""The templates in ``templates/<service>/<key>.md``: the source of truth, also for those at real Notify."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from uuid import UUID

from throughcare.kit.notify.keys import template_id
from throughcare.services.notify.personalisation.model import same_name
from throughcare.services.notify.template.model import InvalidTemplate, Template, parse_template

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Catalogue:
    """The templates of every service, by the folder that they stand in."""

    templates: Mapping[str, Mapping[UUID, Template]]

    def find(self, folder: str, template: UUID) -> Template | None:
        """One template of a service, or None."""
        return self.templates.get(folder, {}).get(template)

    def of(self, folder: str) -> list[Template]:
        """A service's templates by name."""
        return sorted(self.templates.get(folder, {}).values(), key=lambda one: one.name)


@lru_cache(maxsize=1)
def load_templates() -> Catalogue:
    """Every template, checked: its id is the one that its key gives, its fields are those of the manifest.

    A folder's ``manifest.json`` says what its service sends: keys with their fields. Raises InvalidTemplate.
    """
    root = files("throughcare.services.notify").joinpath("templates")
    folders: dict[str, dict[UUID, Template]] = {}
    for folder in sorted(root.iterdir(), key=lambda one: one.name):
        read = [
            parse_template(one.read_text("utf-8"), service=folder.name, key=one.name.removesuffix(".md"))
            for one in folder.iterdir()
            if one.name.endswith(".md")
        ]
        manifest = json.loads(folder.joinpath(MANIFEST).read_text("utf-8"))
        if problems := disagreements(read, manifest):
            raise InvalidTemplate("; ".join(problems))
        folders[folder.name] = {one.id: one for one in read}
    return Catalogue(folders)


def disagreements(templates: list[Template], manifest: Mapping[str, list[str]]) -> list[str]:
    """How templates differ from what is sent to them; empty when all is well."""
    by_key = {one.key: one for one in templates}
    found = [f"{key}: there is no such template" for key in manifest if key not in by_key]
    for key, one in by_key.items():
        if one.id != template_id(key):
            found.append(f"{key}: its id must be {template_id(key)}")
        if key not in manifest:
            found.append(f"{key}: the manifest does not name it")
            continue
        asked, sent = (
            {same_name(name) for name in one.placeholders},
            {same_name(name) for name in manifest[key]},
        )
        if asked != sent:
            found.append(f"{key}: asks for {sorted(asked)}, is sent {sorted(sent)}")
    return found
