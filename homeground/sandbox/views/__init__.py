"""Ways in: senders by the gateway's API, operators by pages."""
