"""What the benchmarks share: one thread, work in processes of its own, peak memory, the region to measure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

_THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ONE_THREAD = dict.fromkeys(_THREADS, "1")


def say(text: str) -> None:
    """Progress, on stderr: stdout ends with the result."""
    print(text, file=sys.stderr, flush=True)


def in_its_own_process(module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Run `python -m module arguments`; the JSON object on the last line of its output."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def peak_rss_mb() -> float | None:
    """Largest resident memory this process has had, in MB; None where the system does not tell (Windows).

    A child is told its parent's peak if that is larger, so whoever starts processes must stay small.
    """
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)


def settings_at(scale: float) -> Any:
    """Settings of the default scenario at a scale; imported here, so that the parent of all processes stays small."""
    from regionsim.cli.configs import compose_settings

    return compose_settings([f"ensemble.scale={scale!r}"])
