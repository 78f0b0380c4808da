"""The ways in which a record can match, from the surest to the weakest."""

from __future__ import annotations

from enum import StrEnum


class MatchedBy(StrEnum):
    """The stage of the cascade that found somebody. Source: ministryofjustice/hmpps-prisoner-search."""

    ALL_SUPPLIED = "ALL_SUPPLIED"
    ALL_SUPPLIED_ALIAS = "ALL_SUPPLIED_ALIAS"
    HMPPS_KEY = "HMPPS_KEY"
    EXTERNAL_KEY = "EXTERNAL_KEY"
    NAME = "NAME"
    PARTIAL_NAME = "PARTIAL_NAME"
    PARTIAL_NAME_DOB_LENIENT = "PARTIAL_NAME_DOB_LENIENT"
    NOTHING = "NOTHING"
