"""How many processor cores this process may really use.

Knows the affinity mask and the CPU quotas of control groups, versions 1 and 2, which container
runtimes set. Knows nothing of what the cores are used for.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def available_cores(cgroup: Path = _CGROUP) -> int:
    """Return the number of cores, at least 1: the affinity mask, or less if a quota says so."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota_v2(cgroup) or _quota_v1(cgroup)
    return max(1, min(affinity, math.ceil(quota)) if quota else affinity)


def _quota_v2(cgroup: Path) -> float | None:
    fields = _read(cgroup / "cpu.max").split()
    return _ratio(*fields) if len(fields) == 2 else None


def _quota_v1(cgroup: Path) -> float | None:
    return _ratio(
        _read(cgroup / "cpu" / "cpu.cfs_quota_us"), _read(cgroup / "cpu" / "cpu.cfs_period_us")
    )


def _ratio(quota: str, period: str) -> float | None:
    """Return quota / period; None where there is no limit ("max", -1, or no such file)."""
    try:
        return int(quota) / int(period) if int(quota) > 0 else None
    except ValueError:
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""
