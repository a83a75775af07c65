"""From a rule to one ClickHouse statement that gives customer_id of every live customer it holds for."""

from homeground.segments.compiler.asking import Asked, ask
from homeground.segments.compiler.statement import Statement, compile_rule

__all__ = ["Asked", "Statement", "ask", "compile_rule"]
