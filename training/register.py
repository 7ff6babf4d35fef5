"""Register: every candidate goes to the MLflow registry; one may become the champion.

Knows what a candidate must do to be promoted, and the registry's aliases. Knows nothing of how a figure
came about. It goes by validation data: test sets choose nothing.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mlflow.exceptions import MlflowException

from backend.bundle import Bundle, copy_bundle, read_bundle
from training.candidates import CANDIDATE_FIGURES, JUDGED, PARITY, Judged, read_champion
from training.params import Register, read_params
from training.registration import REGISTRATION, Registration
from training.stage import aside, run
from training.tracking import RegistryError, Run, tracked

_FILES = "bundle"


def reasons_against(judged: Judged, settings: Register) -> list[str]:
    """Return a sentence for each condition of promotion that is not met; none for a champion to be.

    A candidate whose graph is the champion's need not beat it: only its card is new.
    """
    reasons = []
    if judged.macro_f1 < settings.min_macro_f1:
        reasons.append(
            f"macro-F1 on validation data is {judged.macro_f1:.3f}, below {settings.min_macro_f1:g}"
        )
    versus = judged.versus_champion
    if versus is not None and versus.low <= 0 and not judged.is_champion:
        reasons.append(
            f"the gain over the champion, {versus.value:+.3f} macro-F1 with a 95 % interval of "
            f"[{versus.low:+.3f}, {versus.high:+.3f}], may be noise"
        )
    for name, drop in judged.slice_drops.items():
        if drop > settings.max_slice_drop:
            reasons.append(
                f"on {name} comments it is {drop:.3f} macro-F1 below the champion, "
                f"{settings.max_slice_drop:g} is allowed"
            )
    if judged.milliseconds > settings.max_milliseconds:
        reasons.append(
            f"100 comments take {judged.milliseconds:.0f} ms, {settings.max_milliseconds:g} are allowed"
        )
    return reasons


def register(
    candidates: Mapping[str, Judged],
    refused: Mapping[str, str],
    settings: Register,
    run: Run,
    champion: bool,
) -> Registration:
    """Register every candidate, give the best its alias, and say what became of it.

    `refused` are those that failed the parity gate, and why; they are not registered. `champion` says
    whether one is served today.
    """
    versions = {name: _version(name, judged, settings, run) for name, judged in candidates.items()}
    best = max(candidates, key=lambda name: candidates[name].macro_f1)
    reasons = reasons_against(candidates[best], settings)
    if refused:
        run.client.set_tag(run.id, "refused by parity", json.dumps(dict(refused))[:5000])
    alias = "challenger" if reasons else "champion"
    run.client.set_registered_model_alias(settings.model, alias, versions[best])
    for number, reason in enumerate(reasons, 1):
        run.client.set_model_version_tag(settings.model, versions[best], f"refused {number}", reason)
    if not reasons and not champion:
        run.client.set_model_version_tag(settings.model, versions[best], "first", "true")
    return Registration(
        candidate=best,
        model=settings.model,
        version=versions[best],
        promoted=not reasons,
        reasons=tuple(reasons),
    )


def _version(name: str, judged: Judged, settings: Register, run: Run) -> str:
    """Store the bundle `name`, with this run's id in its card, as a version of the registered model."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = stamped(read_bundle(JUDGED / name), run.id, Path(folder) / name)
        run.client.log_artifacts(run.id, str(bundle.directory), f"{_FILES}/{name}")
    try:
        if not run.client.search_registered_models(f"name = '{settings.model}'"):
            run.client.create_registered_model(settings.model)
        source = f"{run.client.get_run(run.id).info.artifact_uri}/{_FILES}/{name}"
        version = run.client.create_model_version(settings.model, source, run.id)
    except MlflowException as error:
        raise RegistryError(f"{name} can't be registered: {error}") from error
    tags = {
        "candidate": name,
        "name": bundle.card.name,
        "validation_macro_f1": f"{judged.macro_f1:.4f}",
    }
    for key, value in tags.items():
        run.client.set_model_version_tag(settings.model, version.version, key, value)
    return str(version.version)


def stamped(bundle: Bundle, run_id: str, into: Path) -> Bundle:
    """Write a copy of `bundle` whose card names the MLflow run."""
    return copy_bundle(bundle, into, mlflow_run_id=run_id)


def main() -> None:
    """Register the candidates, write what became of the best."""
    params = read_params()
    with tracked("register", params) as tracking:
        judged = json.loads(CANDIDATE_FIGURES.read_text(encoding="utf-8"))
        parity = json.loads(PARITY.read_text(encoding="utf-8"))
        refused = {name: found["refused"] for name, found in parity.items() if "refused" in found}
        registration = register(
            {name: Judged.model_validate(found) for name, found in judged.items()},
            refused,
            params.register_,
            tracking,
            champion=read_champion() is not None,
        )
        with aside(REGISTRATION) as path:
            path.write_text(registration.model_dump_json(indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run(main)
