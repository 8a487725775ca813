"""A real mail server on loopback that does as it is told."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

YES = "250 OK"


class Post:
    """What arrived, by Message-ID, and what the server says next."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.to_recipient = YES
        self.to_content = YES
        self.thinks = 0.0  # seconds before it says that it took the mail
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 the name that aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient == YES:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 as above
        assert isinstance(envelope.content, bytes)
        if self.to_content != YES:
            return self.to_content
        message = message_from_bytes(envelope.content)
        self.arrived[message["Message-ID"]] += 1
        content = message.get_payload(decode=True)
        assert isinstance(content, bytes)
        self.texts[message["Message-ID"]] = content.decode()
        time.sleep(self.thinks)  # it took the mail, and does not say so yet
        return self.to_content


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def mail_server() -> Iterator[tuple[Post, int]]:
    """The server and its port, for as long as the block lasts."""
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield post, controller.port
    finally:
        controller.stop(no_assert=True)
