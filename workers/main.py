"""The worker process: `python -m workers.main [--queues delivery,routine]`.

Without --queues it serves all of them, in three children, or in one on a small host. On more machines
the same command runs again.
"""

import core.process.import_guard  # noqa: I001 - before whatever would import what it keeps out
import core.telegram.lazy_types  # noqa: F401 - as well

import argparse
import importlib
import os
import sys
import threading
from collections.abc import Sequence

from core.kit.languages import use_languages
from core.catalogue.listing_fee import parse_fee
from core.kit.errors import SettingError
from core.process.logs import configure_logs
from core.process.settings import Settings
from core.process.tracing import check_reports, configure_reports, end_reports
from core.telegram.client import check_client
from schemas.contracts import QUEUES
from workers.bucket_cors import allow_browsers
from workers.instrumentation import SILENT, Meter
from workers.registry import Registry, registry
from workers.runtime.child import SCHEDULER_QUEUE, Child
from workers.runtime.groups import Group, groups_serving, worker_groups
from workers.runtime.worker_identity import WorkerIdentity
from workers.runtime.parent import Parent
from workers.services import bootstrap
from workers.store import S3Store

ACTORS = (
    "workers.actors.card_plans",
    "workers.actors.card_subscriptions",
    "workers.actors.cards",
    "workers.actors.delivery",
    "workers.actors.evidence",
    "workers.actors.imports",
    "workers.actors.telegram_files",
    "workers.actors.invoices",
    "workers.actors.links",
    "workers.actors.members",
    "workers.actors.notices",
    "workers.actors.notifications",
    "workers.actors.papers",
    "workers.actors.payments",
    "workers.actors.pictures",
    "workers.actors.presign",
    "workers.actors.preview",
    "workers.actors.rosters",
    "workers.actors.statements",
    "workers.actors.stripe_accounts",
    "workers.actors.upkeep",
    "workers.actors.upload_parts",
    "workers.actors.upload_reclaim",
    "workers.actors.upload_verification",
)


def load_actors() -> Registry:
    """Import all actor modules; returns the registry that they have filled."""
    for name in ACTORS:
        importlib.import_module(name)
    return registry


def serve(settings: Settings, group: Group, identity: WorkerIdentity, stopped: threading.Event) -> None:
    """Be the child of one group until the event is set."""
    os.nice(group.nice)
    configure_logs(settings, process=group.name)
    configure_reports(settings, process=group.name)
    use_languages(unknown=settings.default_language, foreign=settings.fallback_language)
    services = bootstrap(settings, group.queues, threads=group.threads, meter=meter_of(settings, group.name))
    child = Child(group, services, registry, identity=identity)
    child.start()
    if SCHEDULER_QUEUE in group.queues:
        # Beside the work: a store that is away would hold it up for half a minute.
        threading.Thread(target=allow_browsers, args=(services.store, settings), daemon=True).start()
    stopped.wait()
    child.stop()
    services.close()
    end_reports()


def meter_of(settings: Settings, group: str) -> Meter:
    """A meter that Prometheus can read, or one that counts nothing where the settings ask for none."""
    if not (settings.metrics_token and settings.metrics_port):
        return SILENT
    # 3 MiB, and only here; imported before the fork by `main`.
    from workers.metrics import PrometheusMeter, offer

    meter = PrometheusMeter()
    offer(settings, group, meter)
    return meter


def check(settings: Settings) -> None:
    """Raise `SettingError` for what would end every child at its start; connects to nothing."""
    check_reports(settings)
    settings.make_folders("alive_dir")
    parse_fee(settings.listing_fee)
    settings.require("link_secret")
    S3Store(settings)
    if settings.bot_token:
        check_client(settings)
    if settings.smtp_host:
        settings.require("mail_from", "public_url")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read and check the settings, import everything, fork; 2 when a setting is missing or wrong."""
    parser = argparse.ArgumentParser(prog="workers", description="Do the jobs of the ledger.")
    parser.add_argument("--queues", default=",".join(QUEUES), help="comma-separated; all when left out")
    queues = parser.parse_args(arguments).queues.split(",")
    if unknown := set(queues) - set(QUEUES):
        parser.error(f"unknown queue {', '.join(sorted(unknown))}; there are {', '.join(QUEUES)}")
    try:
        settings = Settings.from_environment(os.environ)
        check(settings)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    configure_logs(settings, process="workers")
    load_actors()
    if settings.metrics_token and settings.metrics_port:
        importlib.import_module("workers.metrics")
    return Parent(
        groups_serving(queues, worker_groups(settings)),
        lambda group, identity, stopped: serve(settings, group, identity, stopped),
    ).run()


if __name__ == "__main__":
    sys.exit(main())
