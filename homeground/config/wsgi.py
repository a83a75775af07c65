"""The WSGI application, for `homeground web` and any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeground.config.settings")
application = get_wsgi_application()
