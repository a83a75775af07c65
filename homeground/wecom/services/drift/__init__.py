"""核对: which of our rows differ from the platform's, and why that may be."""

from homeground.wecom.services.drift.comparing import Progress, compare
from homeground.wecom.services.drift.queueing import queue_compare

__all__ = ["Progress", "compare", "queue_compare"]
