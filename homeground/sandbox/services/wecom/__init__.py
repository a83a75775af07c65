"""A platform of our own: the documented API of a WeCom corp, answered from tables. Shares no code with any client."""
