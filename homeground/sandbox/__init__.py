"""A stand-in for the outside world on this machine: customers' phones. Reached by URL only; no room imports it."""
