"""What the sandbox's pages show, and what is true in its corp."""

from homeground.sandbox.queries.phones import phones, thread, waiting_receipts

__all__ = ["phones", "thread", "waiting_receipts"]
