"""`scripts/demo` tells its story to the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.embedded.process import PROJECT

SIZE = 8 << 20


def test_the_demo_sells_a_file_and_reports_it(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = ["-m", "scripts.demonstration", "--size", str(SIZE), "--report", str(report)]
    demo = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**os.environ, "COMPTOIR_DEMO_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert demo.returncode == 0, demo.stdout + demo.stderr
    figures = json.loads(report.read_text())
    assert figures["delivered"] is True
    assert figures["sha256_equal"] is True
    assert figures["file_bytes"] == figures["downloaded_bytes"] == SIZE
    assert figures["redirect_status"] == 302
    assert figures["file_bytes_through_web"] == 0
    assert {"web_growth_mib", "seconds"} <= figures.keys()
