"""Servers to measure: gunicorn on a free port of this machine, as production runs it."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORKERS, THREADS = 2, 4


@contextmanager
def serving(app: str, environ: Mapping[str, str], *, threads: int = THREADS) -> Iterator[int]:
    """The port at which the app answers until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--workers", str(WORKERS), "--threads", str(threads), "--log-level", "warning", app),
    ]
    process = subprocess.Popen(words, env=dict(environ))  # noqa: S603 - our own server
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def wait_for(port: int, process: "subprocess.Popen[bytes]", path: str = "/") -> None:
    """Until the server answers anything at all. Raises RuntimeError where it ends or takes a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server to measure did not start")


def call(
    port: int, journey: str, tokens: Sequence[str], form: Sequence[tuple[str, str]], **plan: float
) -> dict[str, Any]:
    """What the load's process saw (see bench.caller); ``plan``: threads, seconds, most, every."""
    whole: dict[str, Any] = {"threads": WORKERS * THREADS, "seconds": 20, "most": 10**6} | plan
    whole |= {"port": port, "journey": journey, "tokens": list(tokens), "form": list(form)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.caller"],
        input=json.dumps(whole).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    if seen["wrong"]:
        raise RuntimeError(f"the server refused: {seen['wrong']}")
    return seen


def resident_megabytes(process: int) -> float:
    """Memory a process holds now (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
