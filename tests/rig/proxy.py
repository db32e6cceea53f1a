"""A reverse proxy as docs/operations.md asks for: it ends TLS and says whom it speaks for."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from post import CERTIFICATE

#: What belongs to one connection and is not handed on (RFC 9110, 7.6.1).
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class _Proxy(BaseHTTPRequestHandler):
    behind = 0

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        told |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "https"}
        site = HTTPConnection("127.0.0.1", self.behind, timeout=60)
        site.request(self.command, self.path, self.rfile.read(length) or None, told)
        answer = site.getresponse()
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        site.close()

    do_POST = do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """No access log."""


@contextmanager
def tls(behind: int) -> Iterator[int]:
    """The port a proxy listens on, in front of the site on port ``behind``."""
    handler = type("Proxy", (_Proxy,), {"behind": behind})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
