"""Every setting of the server: name, type, default and one sentence of help.

Knows where settings come from (environment variables named `UNDERTONE_` and the setting's name) and
what makes one wrong. Knows nothing of what they are used for.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "UNDERTONE_"

_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_REMOTE = re.compile(r"(?:models:/|s3://)")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[A-Za-z0-9.*\[\]:-]+")
_POSTGRESQL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://[^/]*/\w")


class SettingsError(ValueError):
    """A setting has a value it can't have, or a name that no setting has."""


class Settings(BaseSettings):
    """The table of settings. The environment variable of `port` is `UNDERTONE_PORT`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on.")
    bundle: Path | str = Field(
        Path(__file__).parent / "champion",
        description="Where the champion's bundle is: a directory, `models:/name@alias` or `s3://bucket/prefix`.",
    )
    workers: int | None = Field(
        None, ge=1, le=64, description="Server processes; unset: one for every four cores."
    )
    threads: int = Field(
        64, ge=1, le=512, description="Requests that one server process handles at once."
    )
    inference_threads: int | None = Field(
        None,
        ge=1,
        le=256,
        description="Batches that each process runs at once; unset: the cores shared out evenly.",
    )
    batch_size: int = Field(
        32, ge=1, le=1024, description="The most comments that go through the model together."
    )
    max_comments: int = Field(5000, ge=1, description="Comments a request may hold.")
    max_body_bytes: int = Field(
        8 * 1024 * 1024, ge=1024, description="Bytes that the body of a request may have."
    )
    max_comment_characters: int = Field(
        10_000, ge=1, description="Characters of a comment that are read; the rest is cut."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("chrome-extension://*",),
        description="Origins, separated by commas, whose pages may call; * stands for any one name.",
    )
    graceful_timeout: int = Field(
        60, ge=1, description="Seconds that requests in flight are given to finish at shutdown."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least serious message that is logged."
    )
    state: Path | None = Field(
        None,
        description="Directory of what the server keeps; unset: a folder in the user's data directory.",
    )
    database: SecretStr | None = Field(
        None,
        description="PostgreSQL that keeps the history, `postgresql://user:password@host/name`; "
        "unset: SQLite in the state directory.",
    )
    history: bool = Field(
        True, description="Whether analyses, predictions and feedback are stored at all."
    )
    history_text: bool = Field(
        True, description="Whether the texts of comments are stored too; those of feedback always are."
    )
    history_days: int = Field(
        90, ge=0, le=36_500, description="Days that the history is kept for; 0: for ever."
    )
    history_backlog_bytes: int = Field(
        256 * 1024 * 1024,
        ge=64 * 1024,
        description="Bytes on disk that may wait for the database; what is over is not stored.",
    )
    redis: str | None = Field(
        None,
        pattern=r"^rediss?://",
        description="Address of a Redis server that the server processes share, redis://host:port/0.",
    )
    deadline: float = Field(
        120, gt=0, le=3600, description="Seconds after which a request is given up and answered 503."
    )
    queue_size: int | None = Field(
        None,
        ge=1,
        description="Comments in hand in each process; unset: four times UNDERTONE_MAX_COMMENTS.",
    )
    queue_bytes: int | None = Field(
        None,
        ge=1,
        description="Bytes of bodies that a process may hold; unset: room for four of the largest.",
    )
    cache_size: int = Field(
        100_000, ge=0, description="Predictions that each server process remembers, of 300 bytes each."
    )
    poll: float = Field(
        30, ge=0, le=86_400, description="Seconds between two looks for a new champion; 0: none."
    )
    registry: str | None = Field(
        None, description="Address of the MLflow server; unset: `MLFLOW_TRACKING_URI`."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Whether log lines are for people or, one JSON object each, for programs."
    )

    require_token: bool = Field(
        False, description="Ask for a token on a loopback address too; on any other it always is."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names, separated by commas, that requests may be addressed to besides localhost, "
        "127.0.0.1 and [::1]; unset where a token is needed: any.",
    )
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        (), description="Networks, separated by commas, of proxies whose X-Forwarded-* are believed."
    )
    rate_limit: int | None = Field(
        None,
        ge=1,
        description="Requests a minute of one token or address; unset: 600 where a token is needed.",
    )
    comment_rate_limit: int | None = Field(
        None, ge=1, description="Comments a minute of one token or address; unset: no limit."
    )
    head_timeout: float = Field(
        10, gt=0, le=600, description="Seconds in which the head of a request must have arrived."
    )
    body_timeout: float = Field(
        60,
        gt=0,
        le=3600,
        description="Seconds in which its body must have arrived, and again its answer been taken.",
    )

    @property
    def most_waiting(self) -> int:
        """Comments that one process may work on at once."""
        return self.queue_size or 4 * self.max_comments

    @property
    def most_held(self) -> int:
        """Bytes of bodies that one process may hold."""
        return self.queue_bytes or 4 * self.max_body_bytes

    @property
    def needs_token(self) -> bool:
        """Whether requests need a token: others than the programs of this machine reach the server."""
        return self.require_token or bool(self.trusted_proxies) or not _is_loopback(self.host)

    def processes(self, cores: int) -> int:
        """Return how many server processes to run on `cores`.

        One request should have all cores of a small machine, and a model in memory is not cheap: the
        model's own threads use up to four cores well, from there on more processes do better.
        """
        return self.workers or min(8, max(1, cores // 4))

    def threads_of_model(self, cores: int) -> int:
        """Return how many threads the model of each process gets on `cores`."""
        return self.inference_threads or max(1, cores // self.processes(cores))

    @field_validator("database")
    @classmethod
    def _check_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _POSTGRESQL.match(value.get_secret_value()):
            raise ValueError("write postgresql://user:password@host:port/name")
        return value

    @field_validator("bundle", mode="before")
    @classmethod
    def _read_address(cls, value: object) -> object:
        remote = isinstance(value, str) and _REMOTE.match(value)
        return Path(value) if isinstance(value, str) and not remote else value

    @model_validator(mode="after")
    def _room_for_one(self) -> Settings:
        """Refuse limits under which the largest request that is allowed could never be answered."""
        for name, room, largest, limit in (
            ("queue_size", self.most_waiting, "max_comments", self.max_comments),
            ("queue_bytes", self.most_held, "max_body_bytes", self.max_body_bytes),
        ):
            if room < limit:
                raise ValueError(
                    f"{_variable(name)} is {room}, less than {_variable(largest)}, which is {limit}"
                )
        return self

    @field_validator("cors_origins", "allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is not an origin: write scheme://host or scheme://host:port"
                )
        return origins

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is not a name: write it without scheme, port and path")
        return tuple(host.lower() for host in hosts)


def load_settings() -> Settings:
    """Return the settings that the process's environment asks for.

    Raises:
        SettingsError: names the variable, and for an unknown one the nearest that exists.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        reasons = (
            f"{_variable(str(item['loc'][0]))}: {item['msg']}" if item["loc"] else item["msg"]
            for item in error.errors(include_url=False, include_input=False)
        )
        raise SettingsError("; ".join(reasons)) from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [_variable(name) for name in Settings.model_fields]
    for variable in sorted(environment):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            nearest = difflib.get_close_matches(variable.upper(), known, n=1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(known)}"
            raise SettingsError(f"{variable} is not a setting: {hint}")


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
