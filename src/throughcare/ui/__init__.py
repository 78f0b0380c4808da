"""The pages: home, messages and the console. Everything that they show comes from other services over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from throughcare.kit.jobs.schedule import Job, daily
from throughcare.kit.service import Service
from throughcare.ui.problem_report.jobs import clear_out as forget_reports
from throughcare.ui.session.jobs import forget
from throughcare.ui.typed.jobs import clear_out as forget_typed
from throughcare.ui.unfinished.jobs import clear_out as forget_unfinished

if TYPE_CHECKING:
    from fastapi import FastAPI

    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.ui.routers import ROUTERS

    return ROUTERS


def _customise(app: FastAPI, runtime: Runtime) -> None:
    from throughcare.ui.problems import customise

    customise(app, runtime)


SERVICE = Service(
    name="ui", path="/", title="throughcare pages", package="throughcare.ui", routers=_routers,
    jobs=[
        Job("forget-visits", daily("04:20"), forget), Job("forget-typed", daily("04:25"), forget_typed),
        Job("forget-unfinished", daily("04:30"), forget_unfinished),
        Job("forget-reports", daily("04:35"), forget_reports),
    ], customise=_customise,
)  # fmt: skip
