"""How each kind of sender writes: bodies, values, and one module a protocol. Pure functions: no tables, no clock."""
