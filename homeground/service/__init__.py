"""员工服务: the staff's working day - who waits and how long, tasks sized to capacity, the care round, tickets,
experts, scorecards, handover.

Tells `service.*` facts.
"""
