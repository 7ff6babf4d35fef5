from __future__ import annotations

from pathlib import Path

from backend.history.wire import FeedbackRequest
from backend.tokens import Tokens
from tests.backend.command.conftest import Shell, complaint
from tests.backend.history.made_up import history


def test_a_file_has_it_all_and_gives_it_back(undertone: Shell, tmp_path: Path) -> None:
    file = tmp_path / "undertone.tar.gz"
    Tokens(undertone.state).create("ada", ["read"])
    with history(undertone.state) as kept:
        kept.keep_feedback(FeedbackRequest(text="great", label="positive"), "ada")

    made = undertone("backup", str(file))

    assert made.exit_code == 0, made.output
    assert "files of" in made.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} == {"undertone.tar.gz", "state"}
    assert "there already" in complaint(undertone("backup", str(file)))

    assert "already: say --replace" in complaint(undertone("restore", str(file)))
    back = undertone("restore", "--replace", str(file))
    assert back.exit_code == 0, back.output
    assert "What was there is in" in back.stderr
    assert [token.name for token in Tokens(undertone.state).all()] == ["ada"]


def test_it_goes_through_a_pipe_and_postgresql_is_not_forgotten(
    undertone: Shell, tmp_path: Path
) -> None:
    _, secret = Tokens(undertone.state).create("ada", ["read"])

    made = undertone("backup", "-", database="postgresql://undertone@localhost/undertone")

    assert made.exit_code == 0, made.output
    assert "pg_dump it now" in made.stderr
    elsewhere = Shell(tmp_path / "elsewhere")
    assert elsewhere("restore", "-", stdin=made.stdout_bytes).exit_code == 0
    assert Tokens(elsewhere.state).find(secret)


def test_what_can_t_be_written_or_read_is_said(undertone: Shell, tmp_path: Path) -> None:
    assert "nothing to back up" in complaint(undertone("backup", str(tmp_path / "file")))
    undertone.state.mkdir()
    assert "can't write" in complaint(undertone("backup", str(tmp_path / "nowhere" / "file")))
    (tmp_path / "bad").write_bytes(b"nothing of ours")
    assert "no backup of Undertone" in complaint(undertone("restore", str(tmp_path / "bad")))
    assert {path.name for path in tmp_path.iterdir()} == {"bad", "state"}
