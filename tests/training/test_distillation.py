from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax

from backend.bundle import LABELS
from tests.training.conftest import ROOT, comments
from training import distillation, fine_tuning
from training.checkpoints import CheckpointError
from training.distillation import lessons
from training.fine_tuning import Lesson, fine_tune
from training.metrics import label_indices
from training.params import FineTuning, read_params
from training.train_teacher import taught_by
from training.train_transformer import lesson_of

DECLARED = read_params(ROOT / "params.yaml").train_teacher


@pytest.fixture
def settings(tiny_bert: Path) -> FineTuning:
    return DECLARED.model_copy(
        update={"checkpoint": str(tiny_bert), "batch_size": 16, "epochs": 2, "learning_rate": 0.002}
    )


def test_a_student_learns_from_its_teacher_alone(settings: FineTuning, tmp_path: Path) -> None:
    rows, validation = comments(800), comments(200, seed=1)
    fine_tune(settings, 0, rows, validation, tmp_path / "teacher")
    shuffled = rows.assign(label=rows["label"].sample(frac=1, random_state=0).to_numpy())
    teacher = str(tmp_path / "teacher" / "best")
    logits = lessons(teacher, shuffled["text"].tolist(), 64, "auto", tmp_path)
    lesson = Lesson(logits, weight=1.0, temperature=2.0)

    assert fine_tune(settings, 0, shuffled, validation, tmp_path / "student", lesson) > 0.9
    assert fine_tune(settings, 0, shuffled, validation, tmp_path / "untaught") < 0.6


def test_a_teacher_is_asked_once_and_a_changed_one_again(
    settings: FineTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = comments(60)
    texts = rows["text"].tolist()
    teacher = tmp_path / "teacher"
    fine_tune(settings, 0, rows, rows, teacher)
    first = lessons(str(teacher / "best"), texts, 64, "auto", tmp_path)

    with monkeypatch.context() as patched:
        patched.delattr(distillation, "predict")
        assert np.array_equal(lessons(str(teacher / "best"), texts, 64, "auto", tmp_path), first)

    fine_tune(settings, 1, rows, rows, teacher)
    assert not np.array_equal(lessons(str(teacher / "best"), texts, 64, "auto", tmp_path), first)


def test_a_student_of_another_lesson_starts_over(
    settings: FineTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = comments(60)
    logits = np.zeros((60, 3), dtype=np.float32)
    fine_tune(settings, 0, rows, rows, tmp_path, Lesson(logits, 0.5, 2.0))

    monkeypatch.delattr(fine_tuning._Run, "learn")

    assert fine_tune(settings, 0, rows, rows, tmp_path, Lesson(logits, 0.5, 2.0)) >= 0
    with pytest.raises(AttributeError):
        fine_tune(settings, 0, rows, rows, tmp_path, Lesson(logits + 1, 0.5, 2.0))


def test_of_a_correction_the_student_hears_what_the_person_said(
    settings: FineTuning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = comments(100)
    fine_tune(settings, 0, rows, rows, tmp_path / "teacher")
    student = read_params(ROOT / "params.yaml").train_transformer
    teacher = str(tmp_path / "teacher" / "best")
    heard = lessons(teacher, rows["text"].tolist(), student.max_tokens, "auto", tmp_path)
    train = rows.copy()
    train.loc[:2, "source"] = "feedback"
    train.loc[:2, "label"] = [LABELS[(said + 1) % 3] for said in heard[:3].argmax(1)]

    lesson = lesson_of(student.model_copy(update={"teacher": teacher}), train)

    assert lesson is not None
    assert (lesson.logits[3:] == heard[3:]).all()
    softened = softmax(lesson.logits[:3] / lesson.temperature, 1)
    assert (softened[np.arange(3), label_indices(train["label"].head(3))] > 0.98).all()


def test_a_source_that_nothing_comes_from_can_t_teach_a_teacher() -> None:
    rows = comments(20)

    assert len(taught_by(rows, ["semeval"])) == 20
    with pytest.raises(CheckpointError, match="no training rows come from nowhere"):
        taught_by(rows, ["semeval", "nowhere"])


def test_a_teacher_of_other_labels_is_refused(tiny_bert: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="was not taught negative, neutral, positive"):
        lessons(str(tiny_bert), ["a comment"], 64, "auto", tmp_path)
