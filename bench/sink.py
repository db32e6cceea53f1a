"""A mail server as real as a loopback allows: aiosmtpd, each letter on the disk before it is accepted.

RFC 5321, 6.1: a server that says 250 has taken the letter over and may not lose it. One connection's commands
may come in one go (PIPELINING), as every mail server of today allows.
"""

import asyncio
import os
import sys
import tempfile

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keeping:
    """Takes every letter; the file is thrown away with the process."""

    def __init__(self, place: int) -> None:
        self._place = place

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """What it can do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Through to the disk, then accepted."""
        assert isinstance(envelope.content, bytes)
        os.pwrite(self._place, envelope.content, 0)
        os.fdatasync(self._place)
        return "250 OK"


async def main(port: int) -> None:
    """Until the process is ended."""
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryFile() as file:
        keeping = Keeping(file.fileno())
        server = await loop.create_server(lambda: SMTP(keeping, loop=loop), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
