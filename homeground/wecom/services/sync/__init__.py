"""同步: our copy of the corp brought in step with the platform, in parts that a crash does not lose."""

from homeground.wecom.services.sync.queueing import queue_member, queue_sync
from homeground.wecom.services.sync.running import Progress, is_running, resume, run, run_member

__all__ = ["Progress", "is_running", "queue_member", "queue_sync", "resume", "run", "run_member"]
