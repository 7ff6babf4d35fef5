"""Imbalance: what can be done about labels that are rarer than others.

Knows imbalanced-learn's resamplers and class weights. Knows nothing of models. Resampling is for rows
that are fitted on; rows that are scored are never touched.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from imblearn.combine import SMOTEENN
from imblearn.over_sampling import ADASYN, SMOTE, RandomOverSampler
from imblearn.under_sampling import EditedNearestNeighbours, RandomUnderSampler
from pydantic import BaseModel, ConfigDict
from sklearn.utils.class_weight import compute_sample_weight

from training.errors import StageError
from training.metrics import Labels
from training.params import Method

Weights = npt.NDArray[np.float64]


class InapplicableError(StageError):
    """A remedy has no answer to these rows."""


class Remedy(BaseModel):
    """One method with its settings. `neighbours` matters to SMOTE, ADASYN and SMOTE-ENN alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: Method
    neighbours: int = 5

    def apply(self, matrix: Any, labels: Labels, seed: int) -> tuple[Any, Labels, Weights]:
        """Return rows to fit on, their labels (m,) and their weights (m,).

        `matrix` is (n, features), sparse or not, and comes back of the same kind.

        Raises:
            InapplicableError: the method can't make rows of these; ADASYN, for one, finds nothing to
                make where the labels are nearly even.
        """
        if self.method == "class_weights":
            return matrix, labels, compute_sample_weight("balanced", labels)
        sampler = self._sampler(seed)
        if sampler is not None:
            try:
                matrix, labels = sampler.fit_resample(matrix, labels)
            # What imbalanced-learn raises for data that a method has no answer to.
            except (RuntimeError, ValueError) as error:
                raise InapplicableError(f"{self.method} can't be applied: {error}") from error
        return matrix, labels, np.ones(len(labels))

    def _sampler(self, seed: int) -> Any:
        smote = SMOTE(k_neighbors=self.neighbours, random_state=seed)
        return {
            "none": None,
            "oversample": RandomOverSampler(random_state=seed),
            "undersample": RandomUnderSampler(random_state=seed),
            "smote": smote,
            "adasyn": ADASYN(n_neighbors=self.neighbours, random_state=seed),
            "smote_enn": SMOTEENN(smote=smote, enn=EditedNearestNeighbours(), random_state=seed),
        }[self.method]
