"""Jobs of all kinds with a part that dies among them (more: `comptoir bench mixed-faults`)."""

from concurrent.futures import ThreadPoolExecutor

from scripts.bench.faults import kill_child, kill_part
from scripts.bench.mixed import AT_ONCE, Verdict, open_workload
from tests.support.waiting import wait_until

JOBS = 60
KINDS = {"deliver", "open_invoice", "verify_upload", "make_preview", "take_telegram_file"}
KINDS |= {"admit", "expire_member", "remove_member", "mail_notification", "refund_stars", "make_backup"}


def test_every_kind_of_job_is_done_once_beside_killed_processes() -> None:
    with open_workload() as workload, ThreadPoolExecutor(AT_ONCE) as pool:
        batch = workload.seed(JOBS)
        arrived = workload.live(batch, pool, seconds=2)
        workload.release()
        kill_part(workload.system, "api")
        kill_child(workload.system, "background")
        arrived()
        wait_until(lambda: workload.undone(batch) == 0, 60, "jobs are left")

        assert workload.judge(batch) == Verdict({}, {})
        assert workload.kinds(batch).keys() >= KINDS
