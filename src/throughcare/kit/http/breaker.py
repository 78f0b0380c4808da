"""A circuit breaker: after repeated failures a peer is left alone for a while, and callers hear so at once."""

from __future__ import annotations

from time import monotonic


class Breaker:
    """Opens after ``threshold`` failures in a row; after ``pause`` seconds lets one call try again."""

    def __init__(self, threshold: int = 5, pause: float = 10.0) -> None:
        self._threshold, self._pause = threshold, pause
        self._failures = 0
        self._open_until = 0.0

    def admits(self) -> bool:
        """Whether a call may be made now. After the pause one caller is told so, and its call decides for all."""
        now = monotonic()
        if now < self._open_until:
            return False
        if self._failures >= self._threshold:
            self._open_until = now + self._pause
        return True

    def succeeded(self) -> None:
        """A call got an answer: close."""
        self._failures = 0
        self._open_until = 0.0

    def failed(self) -> None:
        """A call got no useful answer; enough of them open the circuit, and a failed trial opens it again."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._open_until = monotonic() + self._pause
