"""入口与来源: the traced ways in - live codes, group codes, acquisition links - with their sources and costs.

Tells `growth.*` facts.
"""
