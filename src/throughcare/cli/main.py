"""The command line. Each command imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from throughcare.cli.consumer_commands import consumers_app
from throughcare.cli.options import FOLDER, Batch, Data, File, Json, Url
from throughcare.kit.errors import CannotStart

app = typer.Typer(
    name="throughcare", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="The HMPPS digital ecosystem as one coherent, open system.", rich_markup_mode=None,
)  # fmt: skip
clock_app = typer.Typer(no_args_is_help=True, help="Move the business clock of a system started with `up --clock`.")
events_app = typer.Typer(no_args_is_help=True, help="Domain events on record.")
dlq_app = typer.Typer(no_args_is_help=True, help="Dead letters.")
jobs_app = typer.Typer(no_args_is_help=True, help="Scheduled jobs.")
for name, group in (
    ("clock", clock_app), ("events", events_app), ("consumers", consumers_app), ("dlq", dlq_app), ("jobs", jobs_app),
):  # fmt: skip
    app.add_typer(group, name=name)

Names = Annotated[list[str], typer.Argument(help="Names of services; see `throughcare routes`.")]


@app.command()
def up(
    port: Annotated[int, typer.Option(help="The port of everything.")] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    data: Data = FOLDER,
    people: Annotated[int, typer.Option(help="Synthetic people to make when the system is empty.")] = 300,
    clock: Annotated[str, typer.Option(help="Start at this business time, and let it be set.")] = "",
) -> None:
    """Start the whole system in one process, with its own PostgreSQL."""
    from throughcare.cli import up as command

    command.up(port=port, host=host, data=data, people=people, clock=clock)


@app.command()
def demo(
    data: Data = FOLDER,
    apart: Annotated[
        bool, typer.Option("--apart", help="Each service in its own process, over TCP, SNS and SQS.")
    ] = False,
    url: Url = None,
) -> None:
    """Perform the main job against a running system, starting one if none runs."""
    from throughcare.cli import demo as command

    command.demo(data=data, apart=apart, url=url)


@app.command()
def serve(
    names: Names,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    work: Annotated[bool, typer.Option("--work", help="Also run what `throughcare work` runs.")] = False,
) -> None:
    """Serve some services over HTTP; settings come from the environment."""
    from throughcare.cli import serve as command

    command.serve(names, host=host, port=port, web=True, work=work)


@app.command()
def work(
    names: Names,
    port: Annotated[int, typer.Option(help="The port of the health checks and metrics.")] = 9090,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Run relays, consumers, workers and jobs of some services; settings come from the environment."""
    from throughcare.cli import serve as command

    command.serve(names, host=host, port=port, web=False, work=True)


@app.command()
def migrate(
    names: Annotated[list[str] | None, typer.Argument(help="Services; all by default.")] = None,
    data: Data = FOLDER,
) -> None:
    """Bring schemas, roles and the embedded bus up to date."""
    from throughcare.cli import data as command

    command.migrate(names, data)


@app.command()
def seed(
    people: Annotated[int, typer.Option(help="How many synthetic people, 1 to 100,000.")] = 300,
    referrals: Annotated[int, typer.Option(help="How many referrals beside it, up to 500,000, to measure with.")] = 0,
    seed_number: Annotated[int, typer.Option("--seed", help="The number that the world grows from.")] = 1,
    data: Data = FOLDER,
) -> None:
    """Fill an empty system with a synthetic world, the same in every service."""
    from throughcare.cli import data as command

    command.seed(people, referrals, seed_number, data)


@app.command()
def mask(
    url: Annotated[str, typer.Argument(help="The copy, such as postgresql://owner@host:5432/copy.")],
    again: Annotated[str, typer.Option(help="The URL once more, to mask the database of DATABASE_URL.")] = "",
) -> None:
    """Take everything personal out of a copy of the data of interventions, in place."""
    from throughcare.cli import mask as command

    command.mask(url, again)


@app.command()
def doctor(data: Data = FOLDER, port: int = 8080, as_json: Json = False) -> None:
    """Check this machine, the data folder, the database and the running system."""
    from throughcare.cli import doctor as command

    command.doctor(data, port, as_json)


@app.command()
def routes(
    roles: Annotated[bool, typer.Option("--roles", help="Show who may use each route.")] = False,
    service: Annotated[str, typer.Option(help="Only this service.")] = "",
    as_json: Json = False,
) -> None:
    """List every route of every service."""
    from throughcare.cli import routes as command

    command.routes(roles=roles, service=service, as_json=as_json)


@app.command()
def contracts(
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit 1 on a difference.")] = False,
) -> None:
    """Write JSON Schemas, AsyncAPI and OpenAPI documents to contracts/."""
    from throughcare.cli import contracts as command

    command.contracts(check=check)


@app.command()
def queues(data: Data = FOLDER, url: Url = None, as_json: Json = False) -> None:
    """Depth and age of every queue."""
    from throughcare.cli import operate

    operate.queues(operate.System(data, url), as_json)


@events_app.command("tail")
def events_tail(
    data: Data = FOLDER, url: Url = None, as_json: Json = False,
    event_type: Annotated[str, typer.Option("--type", help="Only this event type.")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep showing new ones.")] = False,
    limit: Annotated[int, typer.Option("-n", help="How many to begin with.")] = 20,
) -> None:  # fmt: skip
    """Show the newest domain events of every service."""
    from throughcare.cli import operate

    operate.tail(operate.System(data, url), event_type, limit, follow, as_json)


@events_app.command("types")
def events_types(
    write: Annotated[bool, typer.Option("--write", help="Write docs/integration-events.md.")] = False,
    as_json: Json = False,
) -> None:
    """List what outside bodies can be told."""
    from throughcare.cli import event_types as command

    command.event_types(write=write, as_json=as_json)


@events_app.command("explain")
def events_explain(file: File = None, batch: Batch = False, data: Data = FOLDER, url: Url = None) -> None:
    """Say which notifications a domain event leads to, and to whom; without look-ups the running system is asked."""
    from throughcare.cli import explain

    explain.events(data, url, file, batch=batch)


@events_app.command("replay")
def events_replay(
    to: Annotated[str, typer.Option(help="The consumer that is told again.")],
    since: Annotated[str, typer.Option(help="Due at this time or later, such as 2024-03-05T09:00:00Z.")] = "",
    until: Annotated[str, typer.Option(help="Due before this time.")] = "",
    event_type: Annotated[str, typer.Option("--type", help="Only this type.")] = "",
    person: Annotated[str, typer.Option(help="Only about this CRN or NOMS number.")] = "",
    data: Data = FOLDER, url: Url = None,
) -> None:  # fmt: skip
    """Tell one consumer again what was told before, as far as it may hear of it now."""
    from throughcare.cli import consumers, operate

    wanted = {"since": since, "until": until, "eventType": event_type, "hmppsId": person}
    consumers.replay(operate.System(data, url), to, wanted)


@dlq_app.command("list")
def dlq_list(data: Data = FOLDER, url: Url = None, as_json: Json = False) -> None:
    """Every dead letter: queue, reason, event type, id."""
    from throughcare.cli import operate

    operate.dead_letters(operate.System(data, url), as_json)


@dlq_app.command("show")
def dlq_show(queue: str, message_id: str, data: Data = FOLDER, url: Url = None) -> None:
    """One dead letter whole."""
    from throughcare.cli import operate

    operate.show_dead_letter(operate.System(data, url), queue, message_id)


@dlq_app.command("retry")
def dlq_retry(
    queue: str, message_id: Annotated[str, typer.Argument(help="All of the queue's when left out.")] = "",
    data: Data = FOLDER, url: Url = None,
) -> None:  # fmt: skip
    """Send dead letters back to their queue."""
    from throughcare.cli import operate

    operate.retry(operate.System(data, url), queue, message_id)


@dlq_app.command("drop")
def dlq_drop(
    queue: str, message_id: str, reason: Annotated[str, typer.Option(help="Why, for the record.")],
    data: Data = FOLDER, url: Url = None,
) -> None:  # fmt: skip
    """Delete one dead letter."""
    from throughcare.cli import operate

    operate.drop(operate.System(data, url), queue, message_id, reason)


@jobs_app.command("list")
def jobs_list(data: Data = FOLDER, url: Url = None, as_json: Json = False) -> None:
    """Every scheduled job and its newest run."""
    from throughcare.cli import operate

    operate.jobs(operate.System(data, url), as_json)


@jobs_app.command("run")
def jobs_run(service: str, name: str, data: Data = FOLDER, url: Url = None) -> None:
    """Run one job now."""
    from throughcare.cli import operate

    operate.run_job(operate.System(data, url), service, name)


@clock_app.command("show")
def clock_show(data: Data = FOLDER, url: Url = None) -> None:
    """What the business clock says."""
    from throughcare.cli import operate

    operate.clock(operate.System(data, url), {})


@clock_app.command("set")
def clock_set(
    moment: Annotated[str, typer.Argument(help="Such as 2024-03-05T09:00:00Z.")],
    data: Data = FOLDER,
    url: Url = None,
) -> None:
    """Continue from another time."""
    from throughcare.cli import operate

    operate.clock(operate.System(data, url), {"set": moment})


@clock_app.command("advance")
def clock_advance(
    by: Annotated[str, typer.Argument(help="Such as 1d, 36h, 90m or 10s.")],
    data: Data = FOLDER,
    url: Url = None,
) -> None:
    """Move time forward."""
    from throughcare.cli import operate

    operate.clock(operate.System(data, url), {"advance": by})


@clock_app.command("freeze")
def clock_freeze(
    data: Data = FOLDER, url: Url = None, off: Annotated[bool, typer.Option("--off", help="Run on.")] = False
) -> None:
    """Stop time where it is."""
    from throughcare.cli import operate

    operate.clock(operate.System(data, url), {"frozen": not off})


@app.command()
def transfer(
    source: Annotated[str, typer.Argument(help="The reference of the contract that the referrals are under.")],
    target: Annotated[str, typer.Argument(help="The reference of the contract that they go to.")],
    references: Annotated[list[str], typer.Argument(help="Reference numbers of referrals.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    go: Annotated[bool, typer.Option("--go", help="Do it; without, only say what would be done.")] = False,
    data: Data = FOLDER, url: Url = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Move referrals to another contract, all or none."""
    from throughcare.cli import contract_commands, operate

    order = {"source": source, "target": target, "references": references, "reason": reason}
    contract_commands.transfer(operate.System(data, url), order, go=go, as_json=as_json)


@app.command()
def onboard(
    folder: Annotated[
        Path, typer.Argument(help="Holds providers.json, contractDetails.json and contracts/, a file a contract.")
    ],
    go: Annotated[bool, typer.Option("--go/--dry-run", help="Do it; else only say what would be done.")] = False,
    data: Data = FOLDER, url: Url = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Create providers, contract types and contracts from files, and bring contracts up to date."""
    from throughcare.cli import contract_commands, operate

    contract_commands.onboard(operate.System(data, url), folder, go=go, as_json=as_json)


@app.command("mark-stale")
def mark_stale(
    appointments: Annotated[list[str], typer.Argument(help="Ids of appointments that should not be there.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
    go: Annotated[bool, typer.Option("--go", help="Do it; without, only say what would be done.")] = False,
    data: Data = FOLDER, url: Url = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Put appointments aside, all or none: they stay in the history and count no more."""
    from throughcare.cli import appointment_commands, operate

    order = {"appointmentIds": appointments, "reason": reason}
    appointment_commands.mark_stale(operate.System(data, url), order, go=go, as_json=as_json)


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Measurements; all by default, which writes a page.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure against the budgets and write docs/performance.md; needs the source tree."""
    from throughcare.cli import bench as command

    command.bench(names or (), as_json=as_json)


def run() -> None:
    """Run the command line; a refusal is one line on standard error and exit code 1."""
    try:
        app()
    except CannotStart as error:
        print(f"throughcare: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
