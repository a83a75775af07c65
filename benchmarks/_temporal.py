"""The journey of two steps as a workflow on Temporal's development server: needs `temporalio` and the binary."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

_QUEUE = "journeys"
_LONGEST = timedelta(minutes=5)


@activity.defn
async def act(step: str) -> str:
    """A step that does nothing: what is measured is the engine."""
    return step


@workflow.defn
class Journey:
    """Two steps, one after the other."""

    @workflow.run
    async def run(self) -> str:
        await workflow.execute_activity(act, "first", start_to_close_timeout=_LONGEST)
        return await workflow.execute_activity(act, "second", start_to_close_timeout=_LONGEST)


def seconds(server: Path, sizes: Sequence[int]) -> list[float]:
    """How long so many customers take from their entry to the end, all of them under way at once."""
    return asyncio.run(_measured(server, sizes))


async def _measured(server: Path, sizes: Sequence[int]) -> list[float]:
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(server), dev_server_log_level="never"
        ) as there,
        Worker(there.client, task_queue=_QUEUE, workflows=[Journey], activities=[act]),
    ):
        await _walk(there.client, 5)  # Warm.
        return [await _walk(there.client, size) for size in sizes]


async def _walk(client: Client, size: int) -> float:
    started = perf_counter()
    walks = (client.execute_workflow(Journey.run, id=f"{size}:{n}", task_queue=_QUEUE) for n in range(size))
    await asyncio.gather(*walks)
    return perf_counter() - started
