"""Several calls at a time, for what waits for a network most of its time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from typing import Final, TypeVar

J = TypeVar("J")
R = TypeVar("R")


class _Ended:
    """Stands in the place of a result: a thread has nothing more to do."""


_ENDED: Final = _Ended()


def side_by_side(call: Callable[[J], R], jobs: Iterable[J], threads: int) -> Iterator[R]:
    """Yield what `call` returns for each of the jobs, as they end, at most `threads` at a time.

    What one raises is raised here, and no other is begun. Nobody waits for calls that are under way when the
    program ends: it may be interrupted at any time.
    """
    waiting = iter(jobs)
    lock, over = threading.Lock(), threading.Event()
    results: SimpleQueue[R | BaseException | _Ended] = SimpleQueue()

    def work() -> None:
        while not over.is_set():
            with lock:
                job = next(waiting, _ENDED)
            if isinstance(job, _Ended):
                break
            try:
                results.put(call(job))
            except BaseException as fault:  # noqa: BLE001 - it is raised in the thread that waits
                results.put(fault)
                break
        results.put(_ENDED)

    running = threads
    for number in range(threads):
        threading.Thread(target=work, name=f"{call.__name__}-{number}", daemon=True).start()
    try:
        while running:
            result = results.get()
            if isinstance(result, _Ended):
                running -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result
    finally:
        over.set()
