"""A mail server that takes every letter and keeps none: the least a server can do."""

import asyncio
import sys


class Taking(asyncio.Protocol):
    """As much SMTP as a client needs."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._out, self._in, self._is_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command; swallow what stands between DATA and the final dot."""
        self._in += data
        while True:
            end = b"\r\n.\r\n" if self._is_letter else b"\r\n"
            line, found, rest = self._in.partition(end)
            if not found:
                return
            self._in = rest
            if self._is_letter:
                self._is_letter = False
                self._out.write(b"250 taken\r\n")
            elif line[:4].upper() == b"DATA":
                self._is_letter = True
                self._out.write(b"354 go on\r\n")
            elif line[:4].upper() == b"QUIT":
                self._out.write(b"221 bye\r\n")
                self._out.close()
                return
            else:
                self._out.write(b"250 ok\r\n")


async def main(port: int) -> None:
    """Until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Taking, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
