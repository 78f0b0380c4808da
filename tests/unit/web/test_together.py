"""A question that several ask at the same time is asked once."""

from __future__ import annotations

import asyncio

import pytest

from throughcare.kit.http.together import together


class Owner:
    """Whom the questions are put to: counts them, and answers when it is let go."""

    def __init__(self) -> None:
        self.asked, self.answers = 0, asyncio.Event()

    async def answer(self) -> int:
        self.asked += 1
        await self.answers.wait()
        if self.asked == 3:
            raise LookupError("no answer")
        return self.asked

    def ask(self, question: str = "who?") -> asyncio.Task[int]:
        return asyncio.create_task(together(self, question, self.answer))


@pytest.fixture
def owner() -> Owner:
    return Owner()


async def test_all_who_ask_at_the_same_time_get_one_answer_and_later_ones_another(owner: Owner) -> None:
    waiting = [owner.ask() for _ in range(3)]
    await asyncio.sleep(0)
    owner.answers.set()
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    assert await owner.ask() == 2


async def test_another_question_or_somebody_else_is_asked_apart(owner: Owner) -> None:
    other = Owner()
    owner.answers.set()
    other.answers.set()
    await asyncio.gather(owner.ask(), owner.ask("when?"), other.ask())
    assert (owner.asked, other.asked) == (2, 1)


async def test_whoever_leaves_takes_the_answer_from_nobody_else(owner: Owner) -> None:
    first, second = owner.ask(), owner.ask()
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    owner.answers.set()
    assert await second == 1
    assert first.cancelled()


async def test_a_failure_reaches_all_who_asked_and_is_not_kept(owner: Owner) -> None:
    owner.asked = 2
    waiting = [owner.ask(), owner.ask()]
    owner.answers.set()
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in failed] == [LookupError] * 2
    assert await owner.ask() == 4
