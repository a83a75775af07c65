"""Sends one campaign in a process that the test may kill: python -m tests.journeys.dispatcher ID MOMENT."""

import os
import sys
from datetime import datetime

os.environ["DJANGO_SETTINGS_MODULE"] = "homeground.config.settings"


def main() -> None:
    import django

    django.setup()
    from homeground.channels.kinds.wecom import WECOM_MASS
    from homeground.journeys import services
    from homeground.journeys.services import dispatching

    dispatching.BATCH = WECOM_MASS.batch = 20
    print("ready", flush=True)
    sys.stdin.readline()
    services.dispatch(int(sys.argv[1]), at=datetime.fromisoformat(sys.argv[2]))


if __name__ == "__main__":
    main()
