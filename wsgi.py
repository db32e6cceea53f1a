"""What a web server loads: the application, set up from the environment."""

import gc
import os
import signal
import sys

if sys.argv[-2:] == ["scheduler", "run"]:
    # Loading takes seconds, and nothing has begun: a clock told to stop meanwhile ends well.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

from survey_service.app import create_app
from survey_service.foundation import logs
from survey_service.foundation.premises import furnish
from survey_service.foundation.settings import Settings, SettingsError

try:
    settings = furnish(Settings.from_environ(os.environ))
except SettingsError as fault:
    sys.exit(f"Common Ground does not start: {fault}")
logs.set_up(settings)
app = create_app(settings)
# What stands by now stays to the end: walking it, a full turn of the collector held up some page by 20 ms.
gc.collect()
gc.freeze()
