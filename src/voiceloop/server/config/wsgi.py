"""The web server's entry point."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceloop.server.config.settings")
_framework = get_wsgi_application()

# Only now are the settings read that these need. All pages are loaded here and no request waits for one.
from voiceloop.server.config import urls  # noqa: E402, F401
from voiceloop.server.web import live  # noqa: E402

application = live.beside(_framework)

# What is loaded stays: each look of the collector through it held a request up for a quarter of a second.
# And a page makes more objects than the 700 after which it would look through the newest.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
