"""What this service counts: metric families in the registry of all. Labels are codes and kinds, never persons."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

from throughcare.kit.telemetry.metrics import REGISTRY

DAY = 86_400.0

access_refused_total = Counter(
    "interventions_access_refused_total", "Reasons for which a record or a list was refused.", ["reason"],
    registry=REGISTRY,
)  # fmt: skip
custody_lookups_total = Counter(
    "interventions_custody_lookups_total", "Referred people looked up in custody, by how what was found agrees.",
    ["result"], registry=REGISTRY,
)  # fmt: skip
list_referrals = Histogram(
    "interventions_list_referrals", "Referrals in a list that somebody opened, on all its pages.", ["list"],
    buckets=(0.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0), registry=REGISTRY,
)  # fmt: skip
referral_repeated_seconds = Histogram(
    "interventions_referral_repeated_seconds", "Time from one referral of a person to the next, to the same"
    " intervention or a different one.", ["intervention"],
    buckets=tuple(DAY * days for days in (1, 7, 30, 90, 180, 365, 730)), registry=REGISTRY,
)  # fmt: skip
