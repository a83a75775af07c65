"""Every write of this room: messages in, what their owners do, receipts out, and how the gateway misbehaves."""
