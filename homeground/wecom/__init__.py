"""企业微信: the corp as the platform knows it - its staff, external contacts and follows, tags, group chats, mass sends
and Moments; the client that calls it, the callbacks that it makes, and the sync that keeps both in step.

Tells `wecom.*` facts. What a brand does with them lives above: doors in growth, staff's work in service, campaigns in
journeys.
"""
