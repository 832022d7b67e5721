"""Jobs of all kinds with a part that dies among them (more: `comptoir bench mixed-faults`)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from scripts.bench.faults import kill_child, kill_part
from scripts.bench.mixed import AT_ONCE, Verdict, Works
from scripts.bench.shop import Shop
from scripts.stack.process import wait_until

JOBS = 60


def test_every_kind_of_job_is_done_once_beside_killed_processes(shop: Shop) -> None:
    with closing(Works(shop)) as works, ThreadPoolExecutor(AT_ONCE) as pool:
        batch = works.seed(JOBS)
        arrived = works.live(batch, pool, seconds=2)
        works.release()
        kill_part(shop, "api")
        kill_child(shop, "background")
        arrived()
        wait_until(lambda: works.undone(batch) == 0, 60, "jobs are left")

        assert works.judge(batch) == Verdict({}, {})
        assert {"deliver", "open_invoice", "verify_upload", "make_preview"} <= works.kinds(batch).keys()
