"""The tokens that open the server, as they are kept: by name, scopes and the SHA-256 of the secret.

Knows the file `tokens.json` of the state folder, what makes a token valid, and how two programs can
change the file at once. Knows nothing of HTTP. Where the secret goes is up to the caller: it is made
here, returned once and kept nowhere.

Why SHA-256 and no slow, salted hash: those make guessing a password costly. A secret here is 256
random bits, which nobody guesses at any speed and no table holds, while every request pays for the
hash. And one digest is compared with every other in constant time, so how long a refusal takes says
nothing of how near a guess was.

    TokenError            what was asked of the tokens can't be done
    └── TokenFileError    the file can't be read, or others may read it too
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

PREFIX = "undertone_"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_FILE = "tokens.json"
_LOCK = "tokens.lock"
# Empty files, one a secret, whose times say when it was last used: workers only ever touch these, so
# they can't undo a revocation that is being written.
_USED = "tokens-used"
_USED_EVERY = timedelta(minutes=1)


class TokenError(ValueError):
    """What was asked of the tokens can't be done."""


class TokenFileError(TokenError):
    """The file of tokens can't be read, or others may read it too."""


class Token(BaseModel):
    """One secret. While a token is rotated, two secrets have the same name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    name: Annotated[str, Field(pattern=rf"^{NAME.pattern}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    scopes: tuple[Scope, ...]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Return whether the token opens anything at the moment `now`."""
        return self.expires_at is None or now < self.expires_at


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    tokens: tuple[Token, ...] = ()


class Tokens:
    """The tokens of the state folder. A change by any process is seen by every other at once."""

    def __init__(self, state: Path) -> None:
        self.path = state / _FILE
        self._state = state
        self._read_at: tuple[int, int, int] | None = None
        self._read: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """Return every token, valid or not, oldest first.

        The file is read again only when it is another one than last time, so this is cheap.

        Raises:
            TokenFileError: it can't be read, or others may read it too.
        """
        try:
            status = self.path.stat()
            seen = (status.st_ctime_ns, status.st_ino, status.st_size)
            if seen != self._read_at:
                if status.st_mode & 0o077:
                    raise TokenFileError(
                        f"others than its owner may use {self.path}: chmod 600 {self.path}"
                    )
                self._read = _File.model_validate_json(self.path.read_bytes()).tokens
                self._read_at = seen
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise TokenFileError(f"{self.path} can't be read: {error.strerror}") from error
        except ValidationError as error:
            raise TokenFileError(
                f"{self.path} is not a file of tokens; move it away and create new ones"
            ) from error
        return self._read

    def valid(self) -> list[Token]:
        """Return the tokens that open something now."""
        now = datetime.now(UTC)
        return [token for token in self.all() if token.is_valid(now)]

    def find(self, secret: str) -> Token | None:
        """Return the valid token that `secret` is of, if there is one.

        Raises:
            TokenFileError: the tokens can't be read.
        """
        digest = _digest(secret)
        # No early end: every digest is compared, and each in constant time.
        found = [token for token in self.valid() if hmac.compare_digest(token.sha256, digest)]
        return found[0] if found else None

    def create(
        self, name: str, scopes: Sequence[Scope], lifetime: timedelta | None = None
    ) -> tuple[Token, str]:
        """Return a new token and its secret.

        Raises:
            TokenError: the name is taken by a valid token, or is none.
        """
        if not NAME.fullmatch(name):
            raise TokenError(f"{name!r} is no name: up to 64 letters, digits, and ._-")
        with self._change() as tokens:
            if any(token.name == name and token.is_valid(datetime.now(UTC)) for token in tokens):
                raise TokenError(f"there is a token {name} already: rotate or revoke it")
            token, secret = _new(name, scopes, lifetime)
            tokens[:] = [other for other in tokens if other.name != name] + [token]
        return token, secret

    def rotate(
        self, name: str, overlap: timedelta, lifetime: timedelta | None = None
    ) -> tuple[Token, str]:
        """Return a second secret for the token `name`; the first is valid for `overlap` more.

        Raises:
            TokenError: there is no such token.
        """
        now = datetime.now(UTC)
        with self._change() as tokens:
            mine = [token for token in tokens if token.name == name and token.is_valid(now)]
            if not mine:
                raise TokenError(f"there is no valid token {name}")
            token, secret = _new(name, mine[-1].scopes, lifetime)
            ends = now + overlap
            tokens[:] = [
                other.model_copy(update={"expires_at": min(ends, other.expires_at or ends)})
                if other in mine
                else other
                for other in tokens
            ] + [token]
        return token, secret

    def revoke(self, name_or_id: str) -> list[Token]:
        """Remove the token, or with an id one secret of it, and return what was removed.

        Raises:
            TokenError: there is no such token.
        """
        with self._change() as tokens:
            gone = [token for token in tokens if name_or_id in (token.name, token.id)]
            if not gone:
                raise TokenError(f"there is no token {name_or_id}")
            tokens[:] = [token for token in tokens if token not in gone]
        for token in gone:
            (self._state / _USED / token.id).unlink(missing_ok=True)
        return gone

    def last_used(self, token: Token) -> datetime | None:
        """Return when `token` was last used, to within a minute; None if it never was."""
        try:
            return datetime.fromtimestamp((self._state / _USED / token.id).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def note_use(self, token: Token) -> None:
        """Remember that `token` was used now, at most once a minute.

        Raises:
            OSError: the state folder can't be written to.
        """
        last = self.last_used(token)
        if last is None or abs(datetime.now(UTC) - last) > _USED_EVERY:
            path = self._state / _USED / token.id
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.touch(mode=0o600)

    @contextmanager
    def _change(self) -> Iterator[list[Token]]:
        """Yield the tokens to change in place; nobody else changes them meanwhile."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._state / _LOCK).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                tokens = list(self.all())
                yield tokens
                self._write(_File(tokens=tuple(tokens)))
        except OSError as error:
            raise TokenError(f"{self.path} can't be written: {error.strerror}") from error

    def _write(self, file: _File) -> None:
        """Replace the file as a whole, so that a reader finds the old tokens or the new."""
        aside = self.path.with_suffix(f".{os.getpid()}")
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
                written.write(file.model_dump_json(indent=2) + "\n")
                written.flush()
                os.fsync(written.fileno())
            aside.replace(self.path)
        finally:
            aside.unlink(missing_ok=True)


def _new(name: str, scopes: Sequence[Scope], lifetime: timedelta | None) -> tuple[Token, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    token = Token(
        id=secrets.token_hex(4),
        name=name,
        sha256=_digest(secret),
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    return token, secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
