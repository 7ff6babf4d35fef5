"""What a Dockerfile says, as values: stages of instructions.

Knows the syntax that ours use. Knows nothing of what an instruction does.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

Instruction = tuple[str, str]


def stages(path: Path) -> list[list[Instruction]]:
    """Return the instructions of each stage, name and rest; the first of each is its FROM."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[list[Instruction]] = []
    for line in filter(None, map(str.strip, whole.splitlines())):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest.strip()))
    return found


def every(stage: list[Instruction], name: str) -> list[str]:
    """Return what each instruction `name` of `stage` says."""
    return [rest for found, rest in stage if found == name]


def environment(stage: list[Instruction]) -> dict[str, str]:
    """Return the variables that `stage` sets."""
    pairs = (
        pair for rest in every(stage, "ENV") for pair in shlex.split(rest.replace("$PATH", "%PATH"))
    )
    return dict(pair.split("=", 1) for pair in pairs)


def words_of(rest: str) -> list[str]:
    """Return the words of a CMD in brackets, of a HEALTHCHECK's too."""
    words: list[str] = json.loads(rest[rest.index("[") :])
    return words
