"""核对: which of our rows differ from the platform's, and why that may be."""

from homeground.wecom.services.drift.comparing import Progress, compare

__all__ = ["Progress", "compare"]
