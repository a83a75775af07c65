"""A stand-in for the outside world on this machine: customers' phones, and a gateway that reaches them.

Reached by URL only; no room imports it. Owns phones, what they got, receipts on their way back, and how the gateway
misbehaves. It knows nothing of campaigns: it gives back the reference that came with each message.
"""
