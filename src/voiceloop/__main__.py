"""`python -m voiceloop` is `voiceloop`."""

from __future__ import annotations

import sys

from voiceloop.cli import main

sys.exit(main())
