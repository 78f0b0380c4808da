from __future__ import annotations

import asyncio
import re

import pytest

from throughcare.kit.telemetry.correlation import (
    bind_correlation_id,
    bound_correlation,
    correlation_id,
    current_correlation_id,
)

GENERATED = re.compile(r"[0-9a-f]{12}7[0-9a-f]{19}")


def test_there_is_no_correlation_id_before_one_is_bound() -> None:
    assert current_correlation_id() == ""


@pytest.mark.parametrize("value", ["abcdefgh", "a-1" * 10, "A" * 64])
def test_a_well_formed_correlation_id_is_kept(value: str) -> None:
    with bound_correlation(value) as bound:
        assert bound == value
        assert current_correlation_id() == value


@pytest.mark.parametrize(
    "value",
    [None, "", "short-7", "A" * 65, "has space", "line-feed\n", "über-lang", "semi;colon", "under_score"],
)
def test_a_malformed_correlation_id_is_replaced_by_a_new_one(value: str | None) -> None:
    with bound_correlation(value) as bound:
        assert GENERATED.fullmatch(bound)
        assert current_correlation_id() == bound


def test_new_correlation_ids_differ() -> None:
    with bound_correlation(None) as first, bound_correlation(None) as second:
        assert first != second


def test_the_former_correlation_id_returns_when_a_block_ends() -> None:
    with bound_correlation("outer-one"):
        with pytest.raises(RuntimeError, match="boom"), bound_correlation("inner-one"):
            raise RuntimeError("boom")
        assert correlation_id.get() == "outer-one"
    assert correlation_id.get() == ""


async def test_concurrent_work_keeps_its_own_correlation_id() -> None:
    met = asyncio.Barrier(2)

    async def work(value: str) -> str:
        bind_correlation_id(value)
        await met.wait()
        return current_correlation_id()

    found = await asyncio.gather(work("work-number-1"), work("work-number-2"))
    assert list(found) == ["work-number-1", "work-number-2"]
