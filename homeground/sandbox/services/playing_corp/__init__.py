"""What customers and staff do in the clients of the platform, played by an operator or by the simulator.

Each action is one transaction with the callbacks it causes. `at` is by the corp's clock; None: now.
"""
