"""PostgreSQL's own programs: found in a version that fits, told the password by a file."""

import stat
from pathlib import Path

from core.backup.programs import service


def test_the_password_stands_in_a_file_of_ours_and_nowhere_else() -> None:
    url = "postgresql+psycopg://shop:hush%20!@db.example:5433/sales?sslmode=require"
    with service(url) as environment:
        path = Path(environment["PGSERVICEFILE"])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert set(path.read_text().splitlines()) == {
            "[comptoir]",
            "user=shop",
            "password=hush !",
            "host=db.example",
            "port=5433",
            "dbname=sales",
            "sslmode=require",
        }
        assert "hush" not in str(environment)
    assert not path.exists()
