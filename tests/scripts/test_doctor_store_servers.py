"""`comptoir doctor` on a store of one server and of three, of which one and then two are lost."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from core.process.settings import Settings
from scripts.doctor.finding import Finding
from scripts.doctor.store_servers import store_servers
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from scripts.embedded.store_cluster import StoreCluster
from tests.support.stored import reaching
from tests.support.web_server import Quiet, serving
from workers.store import S3Store

PART = 5 << 20


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[StoreCluster]:
    cluster = StoreCluster(tmp_path / "objects", tmp_path / "log" / "store.log", make_keys())
    with cluster:
        yield cluster


def finding_of(settings: Settings) -> Finding:
    (finding,) = store_servers(settings)
    assert finding.mend or finding.state == "ok"
    return finding


def test_a_lost_server_of_three_is_told_and_nothing_is_lost_with_it(cluster: StoreCluster) -> None:
    settings = replace(reaching(cluster), store_servers=cluster.environment["STORE_SERVERS"])
    s3, before, while_away = S3Store(settings), os.urandom(PART), os.urandom(1000)
    for number in range(6):
        s3.upload(f"before/{number}", BytesIO(before), len(before), "text/plain")
    whole = finding_of(settings)
    assert (whole.state, whole.found) == (
        "ok",
        "3 of 3 servers of SeaweedFS answer, each object lies on 2 of them",
    )

    cluster.lose(1)

    assert finding_of(settings).state == "warn"
    assert "2 of 3" in finding_of(settings).found
    s3.upload("meanwhile", BytesIO(while_away), len(while_away), "text/plain")
    assert all(b"".join(s3.chunks(f"before/{number}")) == before for number in range(6))

    cluster.bring_back(1)

    assert finding_of(settings) == whole
    assert b"".join(s3.chunks("meanwhile")) == while_away
    assert cluster.running()

    cluster.lose(2)
    cluster.lose(3)
    assert finding_of(settings).state == "fail"


def test_the_program_is_told_where_nobody_names_servers(
    store: Store, settings: Callable[..., Settings]
) -> None:
    finding = finding_of(reaching(store))
    assert finding.found.startswith("SeaweedFS ")
    assert "STORE_SERVERS" in finding.found

    with serving(Quiet) as url:  # a store of another make
        assert "operator's to know" in finding_of(replace(reaching(store), s3_endpoint=url)).found

    away = settings(s3_endpoint=f"http://127.0.0.1:{free_port()}")
    assert list(store_servers(away)) == []
    assert list(store_servers(settings())) == []


def test_something_else_at_the_address_of_a_server_is_no_server(store: Store) -> None:
    settings = replace(reaching(store), store_servers=f"{store.url}, http://127.0.0.1:{free_port()}/")

    finding = finding_of(settings)

    assert finding.state == "fail"
    assert finding.found.startswith("0 of 2 servers")
