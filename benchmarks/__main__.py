"""Run one benchmark in this process: python -m benchmarks NAME → a JSON list of results on stdout."""

import json
import os
import sys
from dataclasses import asdict
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeground.config.settings")

import django

told = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Whatever else is printed, also by servers that a benchmark starts, goes to stderr.
django.setup()
results = import_module(f"benchmarks.{sys.argv[1]}").bench()
print(json.dumps([asdict(result) for result in results]), file=told, flush=True)
