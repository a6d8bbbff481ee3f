"""The web server's entry point."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceloop.server.config.settings")
_framework = get_wsgi_application()

# Only now are the settings read that these need. All pages are loaded here and no request waits for one.
from voiceloop.server.config import memory, urls  # noqa: E402, F401
from voiceloop.server.web import live  # noqa: E402

application = live.beside(_framework)
memory.settle()
