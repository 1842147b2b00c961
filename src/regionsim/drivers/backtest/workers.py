"""Tasks side by side in processes that use one thread each and are gone when the caller is, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import TypeVar

from regionsim.state.threads import one_thread

T = TypeVar("T")
R = TypeVar("R")


def mapped(function: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[R]:
    """Results in the order of the tasks; the same for any number of workers. 1 worker: in this process."""
    if workers == 1 or len(tasks) == 1:
        yield from map(function, tasks)
        return
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    others = set(multiprocessing.active_children())
    with one_thread():
        pool = ProcessPoolExecutor(min(workers, len(tasks)), context, initializer=_begin)
        try:
            yield from pool.map(function, tasks)
        except BaseException:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Start of a worker: Ctrl-C is the parent's to answer, and a worker does not outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
