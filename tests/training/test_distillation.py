from __future__ import annotations

from collections.abc import Sequence
from hashlib import md5
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from scipy.special import softmax
from scipy.stats import entropy

from tests.training.conftest import ROOT, comments
from training import fine_tuning
from training.checkpoints import CheckpointError
from training.distillation import Answers, LessonsError, ask
from training.fine_tuning import Lesson, Loss, fine_tune, label_shares
from training.params import FineTuning, Params, read_params
from training.train_teacher import questions, taught_by
from training.train_transformer import lesson_of

DECLARED = read_params(ROOT / "params.yaml")


@pytest.fixture
def settings(tiny_bert: Path) -> FineTuning:
    changes = {"checkpoint": str(tiny_bert), "batch_size": 16, "epochs": 3, "learning_rate": 0.002}
    return DECLARED.train_transformer.model_copy(update=changes)


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
    dull = rows.assign(text="the video")
    nothing = np.full((800, 3), np.nan)
    longer = settings.model_copy(update={"epochs": 4})

    taught = lesson([nothing, sure], rows["text"].tolist())

    assert fine_tune(longer, 0, dull, validation, tmp_path / "student", taught) > 0.9
    # Were a variant read with its row's label, this one would learn, too.
    unheard = lesson([nothing, nothing], rows["text"].tolist())
    assert fine_tune(longer, 0, dull, validation, tmp_path / "unheard", unheard) < 0.6


def test_labels_and_lessons_have_their_shares_of_the_loss(settings: FineTuning) -> None:
    rows = comments(3).assign(label="positive")
    said = np.array([[2.0, 0.0, -2.0], [np.nan] * 3, [0.0, 1.0, 0.0]])
    taught = lesson([said, said], rows["text"].tolist(), weight=0.25)
    unweighed = settings.model_copy(update={"class_weight_power": 0.0})
    loss_of = Loss(unweighed, rows, taught, torch.device("cpu"))
    logits = torch.tensor([[0.5, -1.0, 1.0]])

    found = [
        float(loss_of(logits, np.array([row]), np.array([version])))
        for row, version in ((0, 0), (1, 0), (2, 1))
    ]

    own = logits[0].double().numpy()
    labels = -(own[2] - np.log(np.exp(own).sum()))
    apart = [4 * entropy(softmax(said[row] / 2), softmax(own / 2)) for row in (0, 2)]
    assert found == pytest.approx([0.75 * labels + 0.25 * apart[0], labels, apart[1]], rel=1e-5)


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
    Answers.of(texts, said, 0.3).write(tmp_path / "lessons.npz")

    answers = Answers.read(tmp_path / "lessons.npz")

    found = answers.to(["never asked", *texts[::-1]])
    assert np.isnan(found[0]).all()
    centred = (said - said.mean(1, keepdims=True))[::-1]
    assert np.abs(found[1:] - centred).max() <= 1 / 24 + 1e-6
    assert answers.class_weight_power == 0.3


def damaged(path: Path) -> bytes:
    """Return a table whose middle is no longer what was compressed."""
    texts = [f"comment {number}" for number in range(2000)]
    Answers.of(texts, np.random.default_rng(0).normal(size=(2000, 3)).astype(np.float32), 0.0).write(
        path
    )
    whole = path.read_bytes()
    half = len(whole) // 2
    return whole[:half] + bytes(byte ^ 0xFF for byte in whole[half : half + 40]) + whole[half + 40 :]


@pytest.mark.parametrize(
    "content", [None, b"", b"no table", b"PK\x03\x04 cut off", "array", "damaged", "empty"]
)
def test_a_table_that_is_not_there_or_broken_is_an_error_that_names_it(
    tmp_path: Path, content: bytes | str | None
) -> None:
    path = tmp_path / "lessons.npz"
    if content == "array":
        with path.open("wb") as file:
            np.save(file, np.zeros(3))
    elif content == "damaged":
        path.write_bytes(damaged(path))
    elif content == "empty":
        Answers.of([], np.zeros((0, 3), np.float32), 0.0).write(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)

    with pytest.raises(LessonsError, match=r"lessons\.npz (can't be read|are no table)"):
        Answers.read(path)


@pytest.fixture
def rows() -> pd.DataFrame:
    """Return comments of two sources, and in the second all are positive."""
    videos = comments(300, seed=1).assign(source="videos", label="positive")
    return pd.concat([comments(300), videos], ignore_index=True)


def taught(rows: pd.DataFrame, path: Path, power: float, number_of_variants: int = 1) -> Lesson:
    changes = {"lessons": str(path), "variants": number_of_variants, "class_weight_power": power}
    student = DECLARED.train_transformer.model_copy(update=changes)
    found = lesson_of(DECLARED.model_copy(update={"train_transformer": student}), rows)
    assert found is not None
    return found


@pytest.mark.parametrize("teachers_power", [0.0, 0.25])
def test_what_a_source_s_frequencies_lent_to_an_answer_is_taken_off(
    rows: pd.DataFrame, tmp_path: Path, teachers_power: float
) -> None:
    path = tmp_path / "lessons.npz"
    asked = questions(rows, 1)
    Answers.of(asked, np.zeros((len(asked), 3), np.float32), teachers_power).write(path)

    corrected = taught(rows, path, 1.0)

    assert (taught(rows, path, teachers_power).logits == 0).all()
    assert corrected.variants == (asked[len(rows) :],)
    expected = -(1 - teachers_power) * np.log(label_shares(rows))
    assert corrected.logits[0] == pytest.approx(expected)
    assert corrected.logits[1] == pytest.approx(expected)


def test_teachers_have_no_say_in_corrections(rows: pd.DataFrame, tmp_path: Path) -> None:
    asked = questions(rows, 1)
    path = tmp_path / "lessons.npz"
    Answers.of(asked, np.zeros((len(asked), 3), np.float32), 0.0).write(path)
    corrected = rows.assign(source=["feedback", *rows["source"][1:]])

    logits = taught(corrected, path, 0.0).logits

    assert np.isnan(logits[:, 0]).all()
    assert not np.isnan(logits[0, 1:]).any()
    assert corrected["text"][0] in asked
    assert corrected["text"][0] not in questions(corrected.drop_duplicates("text"), 1)


def test_answers_to_other_texts_or_too_few_variants_are_an_error(
    rows: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "lessons.npz"
    asked = questions(rows, 1)
    Answers.of(asked, np.zeros((len(asked), 3), np.float32), 0.0).write(path)

    with pytest.raises(LessonsError, match=r"of other texts: it answers 1\.00, 1\.00, 0\."):
        taught(rows, path, 0.0, number_of_variants=3)
    with pytest.raises(LessonsError, match=r"answers 0\.00"):
        taught(rows.assign(text=[f"other {number}" for number in range(600)]), path, 0.0)


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


def test_the_table_that_comes_with_the_project_is_the_one_that_dvc_knows() -> None:
    stage = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]["train_teacher"]
    lock = yaml.safe_load((ROOT / "dvc.lock").read_text(encoding="utf-8"))["stages"]["train_teacher"]
    path = ROOT / "training" / "lessons.npz"

    assert stage["frozen"]
    locked = {out["path"]: out["md5"] for out in lock["outs"]}
    assert locked["training/lessons.npz"] == md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    answers = Answers.read(path)
    assert len(answers.keys) == len(set(answers.keys)) > 100_000
    assert (np.diff(answers.keys.astype(np.int64)) > 0).all()
