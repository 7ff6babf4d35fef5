"""Parity: the gate between a trained model and the graph that is served in its place.

Knows the hostile texts that every graph must survive and how far a graph may stray. Knows nothing of
how either side computes its probabilities.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from training.errors import StageError
from training.metrics import Labels, confusion, scores

FLOAT_DIFFERENCE = 1e-4
INT8_AGREEMENT = 0.99
INT8_MACRO_F1 = 0.005

ADVERSARIAL = (
    "",
    " ",
    "😂",
    "❤️❤️❤️🔥🔥😭",
    "👨‍👩‍👧‍👦🏳️‍🌈🇯🇵",
    "a" * 10_000,
    "so good " * 1_250,
    "שלום עולם, איזה סרטון נהדר",
    "هذا الفيديو رائع جدا",
    "\u202ethis is reversed\u202c",
    "यह वीडियो बहुत अच्छा है",
    "このビデオは最高です",
    "\ud83d broken \ude00",
    "nul \x00 byte",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "Z̷̡̛a̶l̷g̵o̶",
    "don't don’t DON'T !!! ??? :) :(",
    "www.example.com https://example.com/?q=1 @someone 1:23:45",
    "\n\t\r",
    "0 1 2 3",
)


class ParityError(StageError):
    """The graph does not do what the trained model does; it must not be registered."""


def check_float(trained: npt.NDArray[np.float32], served: npt.NDArray[np.float32]) -> float:
    """Return the largest difference of two (n, 3) arrays of probabilities.

    Raises:
        ParityError: a difference above `FLOAT_DIFFERENCE`, or another label anywhere.
    """
    difference = float(np.abs(trained - served).max())
    labels = int((trained.argmax(1) != served.argmax(1)).sum())
    if difference > FLOAT_DIFFERENCE or labels:
        raise ParityError(
            f"the float graph differs by {difference:.2g} (limit {FLOAT_DIFFERENCE:g}) "
            f"and in {labels} labels"
        )
    return difference


def check_int8(
    trained: npt.NDArray[np.float32], served: npt.NDArray[np.float32], true: Labels
) -> float:
    """Return the share of rows on which a quantised graph gives the trained model's label.

    Raises:
        ParityError: agreement below `INT8_AGREEMENT`, or macro-F1 on `true` off by more than
            `INT8_MACRO_F1`. Rows past ``len(true)`` have no label and count for agreement only.
    """
    agreement = float((trained.argmax(1) == served.argmax(1)).mean())
    f1 = [
        float(scores(confusion(true, p[: len(true)].argmax(1)))["macro_f1"]) for p in (trained, served)
    ]
    if agreement < INT8_AGREEMENT or abs(f1[0] - f1[1]) > INT8_MACRO_F1:
        raise ParityError(
            f"the int8 graph agrees on {agreement:.4f} of the labels (limit {INT8_AGREEMENT}) and its "
            f"macro-F1 is {f1[1]:.4f} against {f1[0]:.4f} (limit {INT8_MACRO_F1} apart)"
        )
    return agreement
