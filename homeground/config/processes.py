"""The processes: `up` is all in one; `web` and `worker` are its halves, for more than one machine."""

import asyncio
import fcntl
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextlib import suppress as suppressed

import waitress
from procrastinate.contrib.django import app as jobs

from homeground.core.env import made_folder
from homeground.core.errors import BusinessError
from homeground.events import door, stream
from homeground.events.stores import open_stores

log = logging.getLogger(__name__)
Work = Callable[[threading.Event], None]


def up(host: str, port: int) -> None:
    """Web, worker and both stores in one process, until SIGINT or SIGTERM."""
    with _alone():
        open_stores()
        with _working(door.serve, stream.run, _run_jobs):
            _serve(host, port)


def web(host: str, port: int) -> None:
    """Pages and APIs alone; any number of them, with the stores by URL."""
    open_stores()
    _serve(host, port)


def worker() -> None:
    """The stream and the jobs alone; any number of them. One at a time pumps the stream, the others stand by."""
    open_stores()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _working(stream.run, _run_jobs):
        stop.wait()


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the data folder; refuse when another `up` holds it. The system lets go when the process dies."""
    with (made_folder() / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise BusinessError(f"homeground up already runs on {made_folder()} (process {lock.read()})") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _working(*works: Work) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=_kept_running, args=(work, stop), name=work.__name__) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=20)


def _kept_running(work: Work, stop: threading.Event) -> None:
    """Start the work again when it dies of something that may pass, like a restart of the database."""
    while not stop.is_set():
        try:
            work(stop)
        except Exception:
            log.exception("%s stopped; it starts again in 2 seconds", work.__name__)
            stop.wait(2)


def _serve(host: str, port: int) -> None:
    from homeground.config.wsgi import application

    try:
        server = waitress.create_server(
            application, host=host, port=port, threads=8, backlog=1024, ident="homeground", channel_timeout=60
        )
    except OSError as error:
        raise BusinessError(f"cannot listen on {host}:{port}: {error.strerror}; try --port") from None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Homeground: http://{host}:{server.effective_port}", file=sys.stderr)
    server.run()  # Returns on SIGINT and SystemExit, when the requests under way are answered.


def _run_jobs(stop: threading.Event) -> None:
    asyncio.run(_jobs_until(stop))


async def _jobs_until(stop: threading.Event) -> None:
    worker_app = jobs.with_connector(jobs.connector.get_worker_connector())
    async with worker_app.open_async():
        running = asyncio.create_task(worker_app.run_worker_async(concurrency=4, install_signal_handlers=False))
        while not stop.is_set() and not running.done():
            await asyncio.sleep(0.2)
        running.cancel()
        with suppressed(asyncio.CancelledError):
            await running
