"""The commands ``throughcare consumers …``."""

from __future__ import annotations

from typing import Annotated

import typer

from throughcare.cli.options import FOLDER, Batch, Data, File, Json, Url

consumers_app = typer.Typer(no_args_is_help=True, help="Outside bodies, and what reaches them.")

Consumer = Annotated[str, typer.Argument(help="The consumer's name.")]


@consumers_app.command("list")
def consumers_list(data: Data = FOLDER, url: Url = None, as_json: Json = False) -> None:
    """Every consumer: its doors, its lag, what waits and what was given up."""
    from throughcare.cli import consumers, operate

    consumers.list_consumers(operate.System(data, url), as_json)


@consumers_app.command("show")
def consumers_show(name: Consumer, data: Data = FOLDER, url: Url = None, as_json: Json = False) -> None:
    """One consumer whole."""
    from throughcare.cli import consumers, operate

    consumers.show(operate.System(data, url), name, as_json)


@consumers_app.command("policy")
def consumers_policy(name: Consumer, data: Data = FOLDER, url: Url = None) -> None:
    """What reaches a consumer, in the form of an SNS filter policy."""
    from throughcare.cli import consumers, operate

    consumers.policy(operate.System(data, url), name)


@consumers_app.command("add")
def consumers_add(
    name: Consumer,
    role: Annotated[list[str] | None, typer.Option(help="A role; may be given again.")] = None,
    include: Annotated[list[str] | None, typer.Option(help="A further endpoint; may be given again.")] = None,
    limit: Annotated[list[str] | None, typer.Option("--filter", help="Such as prisons=MDI,LEI.")] = None,
    queue: Annotated[str | None, typer.Option(help="The queue's name; one after the consumer by itself.")] = None,
    no_queue: Annotated[bool, typer.Option("--no-queue", help="No queue: it reads the feed alone.")] = False,
    no_feed: Annotated[bool, typer.Option("--no-feed", help="No feed: it reads its queue alone.")] = False,
    new_secret: Annotated[bool, typer.Option("--new-secret", help="Replace its secret; the old one is void.")] = False,
    data: Data = FOLDER, url: Url = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Register a consumer with a client of its own, or give a known one this configuration. Shows its secret once."""
    from throughcare.cli import consumers, operate

    consumers.add(
        operate.System(data, url), name, roles=role or [], include=include or [], filters=limit or [], queue=queue,
        no_queue=no_queue, no_feed=no_feed, new_secret=new_secret, as_json=as_json,
    )  # fmt: skip


@consumers_app.command("suspend")
def consumers_suspend(
    name: Consumer, lift: Annotated[bool, typer.Option("--lift", help="End the suspension.")] = False,
    data: Data = FOLDER, url: Url = None,
) -> None:  # fmt: skip
    """Hold what is for a consumer until the suspension is lifted."""
    from throughcare.cli import consumers, operate

    consumers.suspend(operate.System(data, url), name, lift=lift)


@consumers_app.command("revoke")
def consumers_revoke(name: Consumer, data: Data = FOLDER, url: Url = None) -> None:
    """Take away a consumer's client: its secret gets no further token. `consumers add` gives it another."""
    from throughcare.cli import consumers, operate

    consumers.revoke(operate.System(data, url), name)


@consumers_app.command("retry")
def consumers_retry(name: Consumer, data: Data = FOLDER, url: Url = None) -> None:
    """Try again what was given up for a consumer."""
    from throughcare.cli import consumers, operate

    consumers.retry(operate.System(data, url), name)


@consumers_app.command("token")
def consumers_token(
    name: Consumer,
    service: Annotated[str, typer.Option("--for", help="The service that it is for.")] = "integration",
    data: Data = FOLDER, url: Url = None,
) -> None:  # fmt: skip
    """Print an access token of a demonstration consumer, or of another client of the system's own."""
    from throughcare.cli import consumers, operate

    consumers.token(operate.System(data, url), data, name, service)


@consumers_app.command("explain")
def consumers_explain(file: File = None, batch: Batch = False) -> None:
    """Say what a configuration lets through, one JSON object a line."""
    from throughcare.cli import explain

    explain.consumers(file)
