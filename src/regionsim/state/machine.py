"""What this machine lets a process use: cores and memory."""

from __future__ import annotations

import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")
MB = 1e6


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_free_mb(group: Path = CGROUP) -> float:
    """Memory that can still be had, in MB: of the machine, and no more than a control group (job, container) allows."""
    import psutil

    free = float(psutil.virtual_memory().available) / MB
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        if limit != "max":
            used = int((group / "memory.current").read_text(encoding="ascii"))
            free = min(free, (int(limit) - used) / MB)
    except (OSError, ValueError):
        pass
    return max(free, 0.0)
