"""The processes: `up` is all in one; `web` and `worker` are its halves, for more than one machine."""

import asyncio
import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextlib import suppress as suppressed
from typing import Any, cast

import waitress
from django.urls import reverse
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from waitress import wasyncore

from homeground.core.env import env, listen_on, made_folder
from homeground.core.errors import BusinessError
from homeground.events import door, stream
from homeground.events.stores import open_stores
from homeground.journeys import walking
from homeground.wecom import callbacks, welcome
from homeground.wecom.services import connecting

log = logging.getLogger(__name__)
Work = Callable[[threading.Event], None]
_WORKS: list[Work] = [stream.run, callbacks.run, welcome.run, walking.run]

Ready = Callable[[str], None]  # Told the address once everything runs; the empty text where there is none.


def up(host: str, port: int, ready: Ready) -> None:
    """Web, worker and both stores in one process, until SIGINT or SIGTERM."""
    with serving(host, port) as address, working():
        ready(address)
        until_signal()


@contextmanager
def serving(host: str, port: int) -> Iterator[str]:
    """Both stores, the stream, WeCom's callbacks, journeys and the web while the block runs, in this process alone.

    Gives the address.
    """
    with _alone():
        open_stores()
        with _threads(door.serve, *_WORKS), _web(host, port) as address:
            connecting.follow_home(address)
            yield address


@contextmanager
def working() -> Iterator[None]:
    """The jobs while the block runs; they need open stores."""
    with _threads(_run_jobs):
        yield


def web(host: str, port: int, ready: Ready) -> None:
    """Pages and APIs alone; any number of them. Raises BusinessError unless both stores are given by URL."""
    _refuse_embedded()
    open_stores()
    with _web(host, port) as address:
        ready(address)
        until_signal()


def worker(ready: Ready) -> None:
    """The stream, WeCom's callbacks, journeys and the jobs alone; any number of them.

    One at a time pumps the stream, the others stand by. Raises BusinessError unless both stores are given by URL.
    """
    _refuse_embedded()
    open_stores()
    with _threads(*_WORKS, _run_jobs):
        ready("")
        until_signal()


def until_signal() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def _refuse_embedded() -> None:
    if not (env.database_url and env.events_url):
        raise BusinessError(
            "web and worker run apart only with HOMEGROUND_DATABASE_URL and HOMEGROUND_EVENTS_URL; "
            "with the embedded stores, homeground up is both"
        )


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
def _threads(*works: Work) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=_kept_running, args=(work, stop), name=_name(work)) for work in works]
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
            log.exception("%s stopped; it starts again in 2 seconds", _name(work))
            stop.wait(2)


def _name(work: Work) -> str:
    return f"{work.__module__.removeprefix('homeground.')}.{work.__name__}"


@contextmanager
def _web(host: str, port: int) -> Iterator[str]:
    server = _server(host, port)
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    listen_on(host, server.effective_port)
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(timeout=10)  # Requests under way are answered.
        server.close()
        wasyncore.close_all(server._map)
        thread.join(timeout=10)


def _server(host: str, port: int) -> Any:
    from homeground.config.wsgi import application

    reverse("console:home")  # Loads every page's code, a second of work, before somebody waits for it.
    try:
        return waitress.create_server(
            application, host=host, port=port, threads=8, backlog=1024, ident="homeground", channel_timeout=60
        )
    except OSError as error:
        raise BusinessError(f"cannot listen on {host}:{port}: {error.strerror}; try --port") from None


def _run_jobs(stop: threading.Event) -> None:
    asyncio.run(_jobs_until(stop))


async def _jobs_until(stop: threading.Event) -> None:
    worker_app = jobs.with_connector(cast(DjangoConnector, jobs.connector).get_worker_connector())
    async with worker_app.open_async():
        running = asyncio.create_task(worker_app.run_worker_async(concurrency=4, install_signal_handlers=False))
        while not stop.is_set() and not running.done():
            await asyncio.sleep(0.2)
        running.cancel()
        with suppressed(asyncio.CancelledError):
            await running
