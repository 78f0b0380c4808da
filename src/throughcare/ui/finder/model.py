"""What the finder knows of services that people can be referred to."""

from __future__ import annotations

from throughcare.kit.errors import Gone
from throughcare.ui.peers.catalogue import Intervention

FINDER = "/find-interventions"


class ContractClosed(Gone):
    """A service takes no referrals now (410)."""

    code = "CONTRACT_CLOSED"
    title = "You cannot make a referral to this intervention"

    def __init__(self, intervention: Intervention) -> None:
        self.intervention = intervention
        super().__init__()
