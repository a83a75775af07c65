"""会员与积分: the points ledger, and coupons.

Tells `loyalty.*` facts.
"""
