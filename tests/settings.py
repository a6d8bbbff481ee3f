"""The product's settings over a data folder and a PostgreSQL that live as long as the test run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# The run's own process makes the folder; xdist's workers inherit its name.
RUN = Path(os.environ.setdefault("VOICELOOP_TEST_RUN", tempfile.mkdtemp(prefix="voiceloop-test-")))
FOREIGN_DATABASE = os.environ.setdefault("VOICELOOP_TEST_DATABASE", os.environ.get("DATABASE_URL", ""))
DATA = RUN / os.environ.get("PYTEST_XDIST_WORKER", "main")
DATA.mkdir(exist_ok=True)
os.environ["VOICELOOP_DATA"] = str(DATA)
# Playwright keeps an event loop in the thread of the tests; Django would refuse the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from voiceloop.server.config import postgres  # noqa: E402

# One for each of xdist's workers: transaction ids are the server's, not the database's, and a transaction
# that another worker holds open would hide new rows from the sync and the reactor.
SERVER_OF_TESTS = postgres.Server(
    DATA / "postgres",
    log=DATA / "postgres.log",
    settings={"shared_buffers": "64MB", **postgres.DURABILITY_TRADED},
)
os.environ["DATABASE_URL"] = FOREIGN_DATABASE or SERVER_OF_TESTS.url

from voiceloop.server.config.settings import *  # noqa: E402, F403
from voiceloop.server.config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A pool would keep connections open and the test database could not be dropped.
del DATABASES["default"]["OPTIONS"]["pool"]
