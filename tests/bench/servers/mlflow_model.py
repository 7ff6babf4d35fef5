"""The champion as MLflow's documentation has people serve a model of their own: a pyfunc Python model.

`python -m tests.bench.servers.mlflow_model FOLDER` saves it; MLflow runs this file again to load it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import mlflow
from mlflow.pyfunc.model import PythonModel

from tests.bench.champion import Champion


class ChampionModel(PythonModel):
    """`{"inputs": [...]}` in, a label and three probabilities for each out."""

    def load_context(self, context: object) -> None:
        self.champion = Champion(int(os.environ["BENCH_THREADS"]), spinning=False)

    # MLflow checks the input by this annotation.
    def predict(  # type: ignore[override]
        self, context: object, model_input: list[str]
    ) -> list[dict[str, Any]]:
        return self.champion.label(model_input)


if __name__ == "__main__":
    mlflow.pyfunc.save_model(sys.argv[1], python_model=__file__, pip_requirements=[])
else:
    mlflow.models.set_model(ChampionModel())
