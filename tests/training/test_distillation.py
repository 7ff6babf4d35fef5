from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.training.conftest import ROOT, comments
from training import fine_tuning
from training.checkpoints import CheckpointError
from training.distillation import LessonsError, ask, read_answers, write_answers
from training.fine_tuning import Lesson, fine_tune, label_shares
from training.params import FineTuning, Params, read_params
from training.train_teacher import taught_by
from training.train_transformer import lesson_of
from training.variants import variants

DECLARED = read_params(ROOT / "params.yaml")


@pytest.fixture
def settings(tiny_bert: Path) -> FineTuning:
    changes = {"checkpoint": str(tiny_bert), "batch_size": 16, "epochs": 3, "learning_rate": 0.002}
    return DECLARED.train_transformer.model_copy(update=changes | {"dropout": 0.0})


def lesson(logits: Sequence[np.ndarray], *read: list[str], weight: float = 1.0) -> Lesson:
    return Lesson(np.stack(logits).astype(np.float32), weight, temperature=2.0, variants=read)


def test_a_student_learns_from_its_teachers_alone(settings: FineTuning, tmp_path: Path) -> None:
    rows, validation = comments(800), comments(200, seed=1)
    for number in range(2):
        fine_tune(settings, number, rows, validation, tmp_path / str(number))
    shuffled = rows.assign(label=rows["label"].sample(frac=1, random_state=0).to_numpy())
    teachers = [str(tmp_path / str(number) / "best") for number in range(2)]
    logits = ask(teachers, shuffled["text"].tolist(), 64, "auto")

    taught = fine_tune(settings, 0, shuffled, validation, tmp_path / "student", lesson([logits]))

    assert taught > 0.9
    assert fine_tune(settings, 0, shuffled, validation, tmp_path / "untaught") < 0.6


def test_a_student_learns_from_variants_of_what_says_nothing(
    settings: FineTuning, tmp_path: Path
) -> None:
    rows, validation = comments(800), comments(200, seed=1)
    sure = 6 * np.eye(3)[fine_tuning.label_indices(rows["label"])]
    dull = rows.assign(text="the video", label=rows["label"].sample(frac=1, random_state=0).to_numpy())
    nothing = np.full((800, 3), np.nan)
    longer = settings.model_copy(update={"epochs": 4})

    taught = lesson([nothing, sure], rows["text"].tolist())

    assert fine_tune(longer, 0, dull, validation, tmp_path / "student", taught) > 0.9
    unheard = lesson([nothing, nothing], rows["text"].tolist())
    assert fine_tune(longer, 0, dull, validation, tmp_path / "unheard", unheard) < 0.6


def test_every_row_is_read_as_it_is_and_as_every_variant() -> None:
    logits = np.zeros((3, 10, 3))
    logits[2, 4] = np.nan

    read = np.stack([lesson(logits, [""] * 10, [""] * 10).versions(epoch) for epoch in range(4)])

    assert (np.sort(read, axis=0)[:, :4] == np.array([[0], [0], [1], [2]])).all()
    assert sorted(read[:, 4]) == [0, 0, 0, 1]  # nobody was asked
    assert (lesson(logits[:1]).versions(3) == 0).all()


def test_a_table_gives_back_what_teachers_said_and_nothing_of_other_texts(tmp_path: Path) -> None:
    texts = [f"comment {number} 🎉" for number in range(500)]
    said = np.random.default_rng(0).normal(scale=2, size=(500, 3)).astype(np.float32)
    write_answers(tmp_path / "lessons.npz", texts, said)

    found = read_answers(tmp_path / "lessons.npz", ["never asked", *texts[::-1]])

    assert np.isnan(found[0]).all()
    centred = (said - said.mean(1, keepdims=True))[::-1]
    assert np.abs(found[1:] - centred).max() <= 1 / 24 + 1e-6


@pytest.mark.parametrize("content", [None, b"", b"no table", b"PK\x03\x04 cut off"])
def test_a_table_that_is_not_there_or_broken_is_an_error_that_names_it(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "lessons.npz"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(LessonsError, match=r"lessons\.npz can't be read"):
        read_answers(path, ["a comment"])


def test_what_a_source_s_frequencies_lent_to_an_answer_is_taken_off(tmp_path: Path) -> None:
    rows = pd.concat([comments(300), comments(300, seed=1).assign(source="videos", label="positive")])
    rows = rows.reset_index(drop=True)
    texts = rows["text"].tolist()
    read = variants(texts, rows["source"].tolist(), 0)
    path = tmp_path / "lessons.npz"
    write_answers(path, texts + read, np.zeros((len(texts + read), 3), np.float32))

    def taught(power: float) -> Lesson:
        changes = {"lessons": str(path), "variants": 1, "class_weight_power": power}
        student = DECLARED.train_transformer.model_copy(update=changes)
        found = lesson_of(DECLARED.model_copy(update={"train_transformer": student}), rows)
        assert found is not None
        return found

    assert (taught(0.0).logits == 0).all()
    corrected = taught(1.0)
    assert corrected.variants == (read,)
    expected = -np.log(label_shares(rows))
    assert corrected.logits[0] == pytest.approx(expected)
    assert corrected.logits[1] == pytest.approx(expected)


def test_without_lessons_the_labels_teach_alone(params: Params) -> None:
    student = params.train_transformer.model_copy(update={"lessons": None})

    assert lesson_of(params.model_copy(update={"train_transformer": student}), comments(20)) is None


def test_a_student_of_another_lesson_starts_over(
    settings: FineTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = comments(60)
    first, other = (lesson([np.full((60, 3), value)]) for value in (0, 1))
    fine_tune(settings, 0, rows, rows, tmp_path, first)

    monkeypatch.delattr(fine_tuning._Run, "learn")

    assert fine_tune(settings, 0, rows, rows, tmp_path, first) >= 0
    with pytest.raises(AttributeError):
        fine_tune(settings, 0, rows, rows, tmp_path, other)


def test_a_source_that_nothing_comes_from_can_t_teach_a_teacher() -> None:
    rows = comments(20)

    assert len(taught_by(rows, ["semeval"])) == 20
    with pytest.raises(CheckpointError, match="no training rows come from nowhere"):
        taught_by(rows, ["semeval", "nowhere"])


def test_a_teacher_of_other_labels_is_refused(tiny_bert: Path) -> None:
    with pytest.raises(CheckpointError, match="was not taught negative, neutral, positive"):
        ask([str(tiny_bert)], ["a comment"], 64, "auto")


def test_the_table_that_comes_with_the_project_is_whole() -> None:
    with np.load(ROOT / "training" / "lessons.npz") as table:
        keys, steps = table["keys"], table["steps"]

    # What was asked, less a few texts whose variants came out alike.
    asked = 99_548 * (1 + DECLARED.train_teacher.variants)
    assert 0.9 * asked < len(keys) <= asked
    assert steps.shape == (len(keys), 3)
    assert (np.diff(keys.astype(np.int64)) > 0).all()
