"""When a customer buys next, whether she still does, and what she is worth: pure statistics on columns, no table.

Everything works on all customers at once. Time is counted in units of `unit_days` days (7: weeks) from each customer's
first purchase; a purchase is a day with at least one order. A date is said with its basis and its interval:
rhythm (her own gaps), model (BG/NBD), cycle (of the product she bought), anniversary (of her only order).
"""
