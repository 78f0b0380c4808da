"""Settings of the probation case record, from ``THROUGHCARE_PROBATION__…``."""

from __future__ import annotations

from throughcare.kit.settings import ServiceSettings


class ProbationSettings(ServiceSettings):
    """With ``withdrawal_outcomes`` the outcome of an NSI is the reason of its withdrawal, if it has one."""

    withdrawal_outcomes: bool = False
