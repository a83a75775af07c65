"""Run one benchmark in this process: python -m benchmarks NAME → a JSON list of results on stdout."""

import contextlib
import json
import os
import sys
from dataclasses import asdict
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeground.config.settings")

import django

django.setup()

with contextlib.redirect_stdout(sys.stderr):
    results = import_module(f"benchmarks.{sys.argv[1]}").bench()
print(json.dumps([asdict(result) for result in results]))
