"""The cookies of the pages: for the whole site, closed to scripts, bound to the host wherever the site is on TLS."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.topology import Topology


def cookie_of(request: Request, name: str) -> str:
    """What the browser's cookie says; empty when it has none."""
    return request.cookies.get(_name(_topology(request), name), "")


def give_cookie(request: Request, answer: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Let the browser keep ``value`` for ``seconds``, or until it is closed."""
    topology = _topology(request)
    answer.set_cookie(
        _name(topology, name), value, max_age=seconds, path="/", httponly=True, samesite="lax",
        secure=_on_tls(topology),
    )  # fmt: skip


def take_cookie(request: Request, answer: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    topology = _topology(request)
    answer.delete_cookie(_name(topology, name), path="/", httponly=True, samesite="lax", secure=_on_tls(topology))


def _topology(request: Request) -> Topology:
    topology: Topology = request.app.state.runtime.topology
    return topology


def _name(topology: Topology, name: str) -> str:
    return f"__Host-{name}" if _on_tls(topology) else name


def _on_tls(topology: Topology) -> bool:
    return topology.public_url("ui").startswith("https://")
