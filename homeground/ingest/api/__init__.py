"""Ways in for programs: the platform's own (router), and those that SDKs of others expect."""

from homeground.ingest.api.own import router

__all__ = ["router"]
