"""How a stage ends: one line for a person, and no file half written."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from training.errors import StageError
from training.stage import aside, run


def test_what_was_written_aside_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "figures.json"
    for content in ("old", "new"):
        with aside(path) as file:
            file.write_text(content, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == "new"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "prepared"
    for name in ("old", "new"):
        with aside(path) as folder:
            folder.mkdir()
            (folder / name).touch()

    assert [it.name for it in path.iterdir()] == ["new"]


def test_what_was_interrupted_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("whole", encoding="utf-8")

    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted(path)

    assert path.read_text(encoding="utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [path]


def write_and_be_interrupted(path: Path) -> None:
    with aside(path) as file:
        file.write_text("hal", encoding="utf-8")
        raise KeyboardInterrupt


def write_to_a_full_disk(path: Path) -> None:
    with aside(path) as file:
        file.symlink_to("/dev/full")
        file.write_text("x" * 100_000, encoding="utf-8")


def stumble_when_interrupted() -> None:
    """Do as Optuna does whose lock is interrupted before it holds it."""
    try:
        raise KeyboardInterrupt
    except BaseException:
        try:
            Path("no lock").unlink()
        except OSError as error:
            raise RuntimeError("did not possess lock") from error


def fail(error: BaseException) -> Callable[[], None]:
    def main() -> None:
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StageError("the source is empty"), "the source is empty"),
        (OSError(errno.ENOSPC, "No space", "data/x"), "data/x: the disk is full; make room"),
        (
            FileNotFoundError(errno.ENOENT, "No such file", "data/y"),
            "data/y is not there; run the stages",
        ),
    ],
)
def test_what_a_person_can_mend_is_one_line(error: Exception, said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(fail(error))

    assert said in str(ended.value.code)


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run(fail(ZeroDivisionError()))


def test_a_full_disk_leaves_no_half_written_file(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    path = tmp_path / "figures.json"

    with pytest.raises(OSError, match="No space left"):
        write_to_a_full_disk(path)

    assert list(tmp_path.iterdir()) == []


def test_what_a_library_stumbles_over_on_ctrl_c_is_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        run(stumble_when_interrupted)

    assert exited.value.code == 130
    assert "interrupted; run it again" in capsys.readouterr().err
