"""The one view over the stack's logs."""

from pathlib import Path

from scripts.embedded.logs import Follower


def test_finished_lines_are_shown_once_also_of_a_log_that_logrotate_has_emptied(tmp_path: Path) -> None:
    api, bot = tmp_path / "api.log", tmp_path / "bot.log"
    api.write_text("before\n")
    follower = Follower({"api": api, "bot": bot})
    with api.open("a") as log:
        log.write("one\ntw")
    assert list(follower.lines()) == [("api", "one")]
    assert list(follower.lines()) == []
    api.write_text("three\n")
    bot.write_text("first\n")
    assert list(follower.lines()) == [("api", "three"), ("bot", "first")]
