"""Interventions as they go over the wire: each is written once for a version of the reference data."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from throughcare.services.interventions.catalogue import model
from throughcare.services.interventions.catalogue.schemas import Intervention


class Written:
    """The interventions of one version of the reference data as JSON, as far as they were asked for."""

    def __init__(self, catalogue: model.Catalogue) -> None:
        self.catalogue = catalogue
        self._texts: dict[UUID, bytes] = {}

    def listed(self, interventions: Iterable[model.Intervention]) -> bytes:
        """A JSON array of interventions."""
        return b"[%b]" % b",".join(map(self._text, interventions))

    def _text(self, one: model.Intervention) -> bytes:
        if one.id not in self._texts:
            shown = Intervention.of(one, self.catalogue)
            self._texts[one.id] = shown.model_dump_json(by_alias=True).encode()
        return self._texts[one.id]


_newest: list[Written] = []


def written(catalogue: model.Catalogue) -> Written:
    """What is written of this version of the reference data; that of the version before is dropped."""
    if not _newest or _newest[0].catalogue is not catalogue:
        _newest[:] = [Written(catalogue)]
    return _newest[0]
