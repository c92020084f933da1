"""A real SMTP server for the tests, which can refuse, and go away."""

import socket
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Inbox:
    """An SMTP server's handler: keeps what comes, or refuses it."""

    def __init__(self):
        self.received = []
        self.refuses = False
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.refuses:
            return "451 plus tard"
        self.received.append(envelope.content)
        return "250 OK"

    def open(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def close(self):
        """Nobody answers any more."""
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def messages(self):
        return [content.decode() for content in self.received]

    @property
    def mails(self):
        """What a mail program would read, as `email.message.EmailMessage`."""
        return [message_from_bytes(content, policy=policy.default) for content in self.received]


def text_of(mail):
    return mail.get_body(["plain"]).get_content().replace("\r\n", "\n")


def html_of(mail):
    return mail.get_body(["html"]).get_content()
