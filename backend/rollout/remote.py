"""Where champions are offered far away: S3, or an alias of an MLflow registry.

Knows the two services. MLflow and pyarrow are imported only where a setting asks for them, and take as
much memory as a champion: only `backend.rollout.fetcher` uses this, a process of its own.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from backend.bundle import MOST_BYTES, CardError
from backend.rollout.source import Directory, Source, SourceError

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

_PATIENCE_SECONDS = 30
_MODEL = re.compile(r"models:/([^/@]+)(?:@([^/@]+)|/(\d+))")
# MLflow would try for minutes; whoever asks here asks again soon.
_MLFLOW = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": str(_PATIENCE_SECONDS),
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


def source_of(address: Path | str, registry: str | None = None) -> Source:
    """Return the source at `address`; `registry` is the MLflow server's own.

    Raises:
        SourceError: there can't be one at such an address.
    """
    if isinstance(address, Path):
        return Directory(address)
    if address.startswith("s3://"):
        return Bucket(address)
    match = _MODEL.fullmatch(address)
    if match is None:
        raise SourceError(f"{address} is no model: write models:/name@alias or models:/name/version")
    return Registry(address, match[1], match[2], match[3], registry)


class Bucket(Source):
    """A prefix of an S3 bucket. Keys, region and another endpoint come from AWS's usual variables."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def __str__(self) -> str:
        return self._address

    def _open(self, name: str) -> IO[bytes]:
        try:
            from pyarrow.fs import S3FileSystem
        except ImportError as error:
            raise SourceError(f"{self} needs pyarrow: pip install pyarrow") from error
        try:
            files = S3FileSystem(
                endpoint_override=os.environ.get("AWS_ENDPOINT_URL") or None,
                region=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or None,
                connect_timeout=_PATIENCE_SECONDS,
                request_timeout=_PATIENCE_SECONDS,
            )
            opened: IO[bytes] = files.open_input_stream(f"{self._address.removeprefix('s3://')}/{name}")
        except FileNotFoundError as error:
            raise SourceError(f"{self} has no {name}") from error
        except OSError as error:
            raise SourceError(f"{self} can't be asked: {error}") from error
        return opened


class Registry(Source):
    """An alias, or a fixed version, of a model that is registered with MLflow."""

    def __init__(
        self, address: str, model: str, alias: str | None, number: str | None, registry: str | None
    ) -> None:
        self._address = address
        self._model, self._alias, self._number = model, alias, number
        self._registry = registry
        self._found: ModelVersion | None = None

    def __str__(self) -> str:
        return self._address

    def version(self) -> str:
        """Ask which version the alias names; until asked again, it is the one whose files are read."""
        self._found = found = self._find()
        return f"{found.version} {found.run_id} {found.source}"

    def _find(self) -> ModelVersion:
        for variable, value in _MLFLOW.items():
            os.environ.setdefault(variable, value)
        try:
            from mlflow import MlflowClient
            from mlflow.exceptions import MlflowException
        except ImportError as error:
            raise SourceError(f"{self} needs MLflow: pip install mlflow-skinny") from error
        try:
            client = MlflowClient(self._registry)
            if self._alias:
                return client.get_model_version_by_alias(self._model, self._alias)
            return client.get_model_version(self._model, self._number or "")
        except (MlflowException, OSError) as error:
            raise SourceError(f"{self} can't be asked: {error}") from error

    def _open(self, name: str) -> IO[bytes]:
        found = self._found or self._find()
        from mlflow.artifacts import download_artifacts, list_artifacts
        from mlflow.exceptions import MlflowException

        address = f"{str(found.source).rstrip('/')}"
        try:
            listed = list_artifacts(artifact_uri=address, tracking_uri=self._registry)
            sizes = {Path(item.path).name: item.file_size for item in listed if not item.is_dir}
            if name not in sizes:
                raise CardError(f"{self} version {found.version} has no {name}")
            if (sizes[name] or 0) > MOST_BYTES:
                raise CardError(f"{name} of {self} has {sizes[name]:,} bytes")
            with tempfile.TemporaryDirectory() as folder:
                path = download_artifacts(
                    artifact_uri=f"{address}/{name}", dst_path=folder, tracking_uri=self._registry
                )
                # Read on after the folder is gone: an open file is not.
                return Path(path).open("rb")
        except (MlflowException, OSError) as error:
            raise SourceError(f"{name} of {self} can't be fetched: {error}") from error
