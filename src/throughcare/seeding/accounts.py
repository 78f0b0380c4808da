"""The demonstration accounts: who can sign in, as what, to which provider and contracts. Development only."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "throughcare demo"


@dataclass(frozen=True)
class Account:
    """A person who can sign in. ``source`` is ``delius`` (practitioners), ``auth`` (providers) or ``nomis`` (staff)."""

    username: str
    first_name: str
    last_name: str
    email: str
    source: str
    roles: tuple[str, ...]
    groups: tuple[str, ...] = ()
    user_id: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


DEMO_CONTRACT = "DN535743"
DEMO_PROVIDER = "ACHIEVE_NW"

PRACTITIONERS = (
    Account("BERNARD.BEAKS", "Bernard", "Beaks", "bernard.beaks@probation.example.test", "delius",
            ("ROLE_PROBATION",), user_id="2500000001"),
    Account("HANIFA.OYELARAN", "Hanifa", "Oyelaran", "hanifa.oyelaran@probation.example.test", "delius",
            ("ROLE_PROBATION",), user_id="2500000002"),
)  # fmt: skip
CASEWORKERS = (
    Account("ALEX.RIVERS@PROVIDER.EXAMPLE.TEST", "Alex", "Rivers", "alex.rivers@provider.example.test", "auth",
            ("ROLE_CRS_PROVIDER",), (f"INT_SP_{DEMO_PROVIDER}", f"INT_CR_{DEMO_CONTRACT}"),
            "6a6f0b5e-6f0d-4b36-9f0c-0a4c1d0f7a01"),
    Account("SAM.OKORO@PROVIDER.EXAMPLE.TEST", "Sam", "Okoro", "sam.okoro@provider.example.test", "auth",
            ("ROLE_CRS_PROVIDER",), (f"INT_SP_{DEMO_PROVIDER}", f"INT_CR_{DEMO_CONTRACT}"),
            "6a6f0b5e-6f0d-4b36-9f0c-0a4c1d0f7a02"),
)  # fmt: skip
OPERATORS = (
    Account("OLIVE.OPS", "Olive", "Ops", "olive.ops@throughcare.example.test", "nomis",
            ("ROLE_QUEUE_ADMIN", "ROLE_QUEUE_ADMIN__BODY", "ROLE_CONSOLE__RO", "ROLE_CONSOLE__CLOCK",
             "ROLE_NOTIFY__INBOX", "ROLE_INTEGRATION__CONSUMERS__RW"), user_id="900001"),
)  # fmt: skip
SUPPORTERS = (
    Account("SADIA.HART", "Sadia", "Hart", "sadia.hart@throughcare.example.test", "nomis",
            ("ROLE_THROUGHCARE_SUPPORT",), user_id="900002"),
)  # fmt: skip
EDITORS = (
    Account("EDWIN.PRYCE", "Edwin", "Pryce", "edwin.pryce@throughcare.example.test", "nomis",
            ("ROLE_INTERVENTIONS_SERVICE_EDITOR",), user_id="900003"),
)  # fmt: skip
ACCOUNTS = (*PRACTITIONERS, *CASEWORKERS, *OPERATORS, *SUPPORTERS, *EDITORS)
MANAGERS = tuple(account.username for account in PRACTITIONERS)
