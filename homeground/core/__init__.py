"""What every room stands on: refusals, the environment, money, time, the embedded PostgreSQL. No tables."""
