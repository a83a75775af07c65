"""Pages of the sandbox corp: its settings, phones of staff and of customers, what a scan leads to, who signs in."""
