"""Bundle: the candidate that was promoted becomes the champion that is served.

Knows where the champion lies and how to fetch a registered bundle. Knows nothing of how good is good
enough; that is `register`'s part.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException
from tqdm import tqdm

from backend.bundle import Bundle, copy_bundle, read_bundle
from training.params import read_params
from training.paths import CHAMPION
from training.registration import REGISTRATION, Registration
from training.stage import run
from training.tracking import RegistryError, Run, end_pipeline, tracked


def crown(candidate: Bundle, champion: Path = CHAMPION) -> Bundle:
    """Replace the bundle at `champion` with `candidate`, whole or not at all."""
    return copy_bundle(candidate, champion)


def fetch(registration: Registration, run: Run, into: Path) -> Bundle:
    """Return the registered bundle, downloaded below `into`, once its checksums hold.

    Raises:
        RegistryError: the registry does not give it.
        BundleError: what it gives is not a whole bundle.
    """
    try:
        version = run.client.get_model_version(registration.model, registration.version)
        folder = download_artifacts(artifact_uri=version.source, dst_path=str(into))
    except (MlflowException, OSError) as error:
        raise RegistryError(
            f"{registration.model} version {registration.version} can't be fetched: {error}"
        ) from error
    return read_bundle(Path(folder))


def main() -> None:
    """Write the promoted bundle to `backend/champion`; leave the champion where none was promoted."""
    params = read_params()
    with tracked("bundle", params) as tracking:
        registration = Registration.model_validate_json(REGISTRATION.read_text(encoding="utf-8"))
        if registration.promoted:
            with tempfile.TemporaryDirectory() as folder:
                champion = crown(fetch(registration, tracking, Path(folder)))
            tqdm.write(f"{champion.card.name} {champion.card.version} is the champion")
        else:
            tqdm.write(
                f"{registration.candidate} is version {registration.version} and the challenger; the "
                f"champion stays: {'; '.join(registration.reasons)}"
            )
        end_pipeline(tracking)


if __name__ == "__main__":
    run(main)
