"""How gunicorn serves the site: ``gunicorn --config python:survey_service.foundation.site wsgi:app``.

What is named on gunicorn's command line goes before what stands here.
"""

import logging
import os
import sys
import time

from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from survey_service.foundation import counting, logs
from survey_service.foundation.settings import Settings, SettingsError
from survey_service.foundation.upgrade import is_current

log = logging.getLogger(__name__)

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 5
loglevel = "info"
logger_class = f"{__name__}.Log"
#: Whether a request came by TLS is told by as many proxies as SURVEY_TRUSTED_PROXIES counts (app.py), and by
#: nobody else: gunicorn would believe any program on this machine. Whoever comes by a Unix socket it believes
#: in any case, so there is nothing to be told: SCRIPT_NAME in a visitor's request would stand before every
#: address of the page, and pages are kept for others.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}


def on_starting(_server: Arbiter) -> None:
    """One sentence for a setting that stops the start, before any worker tries to live with it."""
    try:
        settings = Settings.from_environ(os.environ)
        counting.need(settings.limits_url)
    except SettingsError as fault:
        sys.exit(f"Common Ground does not start: {fault}")


def post_worker_init(worker: Worker) -> None:
    """Tables of another version would break pages one by one: then no worker lives, and gunicorn ends.

    The first says so and takes the others with it; of two that fail at once gunicorn would print traces.
    """
    with worker.wsgi.app_context():
        if is_current():
            return
    until = time.monotonic() + (0 if worker.age == 1 else graceful_timeout)
    while worker.alive and time.monotonic() < until:
        time.sleep(0.1)
    if worker.alive:
        log.critical("the tables are not those of this version. Run: flask survey migrate")
        sys.exit(Arbiter.WORKER_BOOT_ERROR)


class Log(Logger):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn's own lines in the site's form. It keeps no access log: addresses of answers are links."""

    def setup(self, cfg: Config) -> None:
        """As gunicorn sets it up, then in our form."""
        super().setup(cfg)
        self.access_log.handlers.clear()
        logs.dress(self.error_log)
