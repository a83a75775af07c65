"""What to say, to whom, when: campaigns from draft to review, the holdout, the guard and the touches.

Owns the campaign with its frozen participants and its touches, and the guard's policy. Emits nothing of its own: what
a touch went through is told by channels (channels.message_…), and handlers here keep the touches in step.
"""
