"""Worker processes that use one thread each and are gone when the caller is, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, TypeVar

from regionsim.state.threads import one_thread

T = TypeVar("T")
R = TypeVar("R")
FORKS = "forkserver" in multiprocessing.get_all_start_methods()


def import_ahead(modules: Sequence[str]) -> None:
    """Begin to import modules, once for all worker processes to come, while the caller goes on with something else."""
    if FORKS:
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(modules))
        with one_thread():
            forkserver.ensure_running()


@contextmanager
def worker_processes(
    workers: int,
    start: Callable[..., None] | None = None,
    end: Callable[..., None] | None = None,
    arguments: tuple[Any, ...] = (),
) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes. In each, `start(*arguments)` runs first, and `end(*arguments)` last if the caller dies."""
    context = multiprocessing.get_context("forkserver" if FORKS else "spawn")
    others = set(multiprocessing.active_children())
    with one_thread():
        pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(start, end, arguments))
        try:
            yield pool
        except BaseException:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def mapped(function: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[R]:
    """Results in the order of the tasks; the same for any number of workers. 1 worker: in this process."""
    if workers == 1 or len(tasks) == 1:
        yield from map(function, tasks)
        return
    with worker_processes(min(workers, len(tasks))) as pool:
        yield from pool.map(function, tasks)


def _begin(
    start: Callable[..., None] | None, end: Callable[..., None] | None, arguments: tuple[Any, ...]
) -> None:
    """Start of a worker: Ctrl-C is the parent's to answer, and a worker does not outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(end, arguments), daemon=True).start()
    if start is not None:
        start(*arguments)


def _end_with_parent(end: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        if end is not None:
            end(*arguments)
        os._exit(1)
