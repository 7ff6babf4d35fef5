from __future__ import annotations

import numpy as np
import pytest

from backend.text import normalise, tokenise
from training.parity import ADVERSARIAL, ParityError, check_float, check_int8

TRAINED = np.random.default_rng(0).dirichlet([1, 1, 1], 2000).astype(np.float32)
TRUE = TRAINED.argmax(1)


def test_the_same_probabilities_pass() -> None:
    assert check_float(TRAINED, TRAINED + np.float32(5e-5)) == pytest.approx(5e-5, rel=0.01)
    assert check_int8(TRAINED, TRAINED, TRUE) == 1.0


def test_a_small_difference_fails_a_float_graph() -> None:
    served = TRAINED.copy()
    served[7, 0] += 2e-4

    with pytest.raises(ParityError, match=r"0\.0002 .*limit 0\.0001"):
        check_float(TRAINED, served)


def test_one_other_label_fails_a_float_graph() -> None:
    trained = np.array([[0.40001, 0.4, 0.19999]], dtype=np.float32)
    served = np.array([[0.4, 0.40001, 0.19999]], dtype=np.float32)

    with pytest.raises(ParityError, match="1 labels"):
        check_float(trained, served)


def test_too_many_other_labels_fail_an_int8_graph() -> None:
    served = TRAINED.copy()
    served[:25] = np.roll(served[:25], 1, axis=1)

    with pytest.raises(ParityError, match=r"agrees on 0\.9875"):
        check_int8(TRAINED, served, TRUE)


def test_a_lower_macro_f1_fails_an_int8_graph() -> None:
    served = TRAINED.copy()
    rows = np.flatnonzero(TRUE == 0)[:18]
    served[rows] = [0.0, 1.0, 0.0]

    with pytest.raises(ParityError, match="macro-F1"):
        check_int8(TRAINED, served, TRUE)


@pytest.mark.parametrize("text", ADVERSARIAL, ids=range(len(ADVERSARIAL)))
def test_hostile_texts_survive_the_normaliser(text: str) -> None:
    normalise(text).encode("utf-8")
    assert "  " not in tokenise(text)
