from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from argon2 import PasswordHasher

from throughcare.services.auth.account.model import LOCKED_FOR, Lock
from throughcare.services.auth.settings import AuthSettings
from throughcare.services.auth.sign_in.model import Passwords, network_of, passwords

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def after(failures: int) -> Lock:
    lock = Lock()
    for _ in range(failures):
        lock = lock.failed(NOW)
    return lock


@pytest.mark.parametrize(("failures", "seconds"), [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16)])
def test_from_the_fifth_failure_the_wait_doubles(failures: int, seconds: int) -> None:
    lock = after(failures)
    wait = timedelta(seconds=seconds)
    assert not lock.locked(NOW)
    assert lock.shut(NOW) is (seconds > 0)
    assert not lock.shut(NOW + wait)
    assert lock.shut(NOW + wait - timedelta(milliseconds=1)) is (seconds > 0)


def test_the_tenth_failure_locks_for_half_an_hour_and_then_all_is_forgotten() -> None:
    lock = after(10)
    assert timedelta(minutes=30) == LOCKED_FOR
    assert lock.locked(NOW + LOCKED_FOR - timedelta(seconds=1))
    assert not lock.shut(NOW + LOCKED_FOR)
    assert lock.failed(NOW) == lock, "guessing on makes the lock no longer"
    assert lock.failed(NOW + LOCKED_FOR) == replace(Lock(), failures=1)


def test_passwords_are_kept_with_argon2id_at_the_recommended_cost() -> None:
    assert passwords("prod").dummy.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_address_may_fail_60_times_and_its_network_300_times() -> None:
    settings = AuthSettings()
    assert (settings.attempts_per_address, settings.attempts_per_network) == (60, 300)


def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    keeper = Passwords(CHEAP, CHEAP.hash("nobody's"))
    kept = keeper.hash("caf\u00e9 \ufb01nal")
    assert keeper.matches(kept, "cafe\u0301 final")
    assert not keeper.matches(kept, "cafe final")


def test_nobody_has_the_password_that_stands_in_for_a_missing_one() -> None:
    keeper = Passwords(CHEAP, CHEAP.hash("nobody's"))
    assert not keeper.matches(None, "nobody's")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:23ff::9", "2001:db8:1:2300::/56"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("10.9.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.9.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("10.9.0.1", "", "10.9.0.1"),
        ("10.9.0.1", "198.51.100.1,", "10.9.0.1"),
        ("::ffff:10.9.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
        ("10.8.0.1", "203.0.113.5", "10.8.0.1"),
        ("127.0.0.1", "203.0.113.5", "127.0.0.1"),
        ("unix", "203.0.113.5", "unix"),
    ],
)
def test_only_a_configured_proxy_names_the_caller_and_only_its_last_hop(peer: str, forwarded: str, caller: str) -> None:
    settings = AuthSettings(trusted_proxies=(ip_network("10.9.0.0/16"),))
    assert settings.address_of(peer, forwarded) == caller
    assert AuthSettings().address_of("10.9.0.1", "203.0.113.5") == "10.9.0.1"
