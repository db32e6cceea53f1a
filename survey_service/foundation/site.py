"""How gunicorn serves the site: ``gunicorn --config python:survey_service.foundation.site wsgi:app``.

What is named on gunicorn's command line goes before what stands here.
"""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from survey_service.foundation import logs

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 5
loglevel = "info"
logger_class = f"{__name__}.Log"
#: Whether a request came by TLS is told by as many proxies as SURVEY_TRUSTED_PROXIES counts (app.py), and by
#: nobody else: gunicorn would believe any program on this machine.
forwarded_allow_ips = ""


class Log(Logger):  # type: ignore[misc] # gunicorn ships no types
    """Gunicorn's own lines in the site's form. It keeps no access log: addresses of answers are links."""

    def setup(self, cfg: Config) -> None:
        """As gunicorn sets it up, then in our form."""
        super().setup(cfg)
        self.access_log.handlers.clear()
        logs.dress(self.error_log)
