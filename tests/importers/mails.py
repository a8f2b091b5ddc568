"""Mails for the tests, as bytes."""

PLAIN = (
    "Received: from mx.example.se by mx.exempel.se; Mon, 16 Feb 2026 10:00:00 +0100\r\n"
    "Received: from pc by mx.example.se; Mon, 16 Feb 2026 09:59:00 +0100\r\n"
    "From: =?utf-8?q?=C3=85sa_Test?= <asa@example.se>\r\n"
    "To: Dataskydd <dso@exempel.se>\r\n"
    "Subject: =?utf-8?q?Beg=C3=A4ran_om_registerutdrag?=\r\n"
    "Date: Sun, 15 Feb 2026 08:00:00 +0100\r\n"
    "Message-ID: <2@example.se>\r\n"
    "In-Reply-To: <1@exempel.se>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n"
    "Hej, jag vill ha ett registerutdrag.\r\nVänligen Åsa\r\n"
).encode()


def with_header(name: str, value: str | bytes) -> bytes:
    """Return the plain mail with one header set to a value of the test's own."""
    raw = value if isinstance(value, bytes) else value.encode()
    kept = [line for line in head(PLAIN) if not line.lower().startswith(name.lower().encode() + b":")]
    return b"\r\n".join([*kept, name.encode() + b": " + raw]) + b"\r\n\r\n" + body(PLAIN)


def without(*names: str) -> bytes:
    """Return the plain mail without some headers."""
    lowered = tuple(name.lower().encode() + b":" for name in names)
    return (
        b"\r\n".join(line for line in head(PLAIN) if not line.lower().startswith(lowered)) + b"\r\n\r\n" + body(PLAIN)
    )


def parts(*children: bytes, kind: str = "mixed", boundary: str = "grans") -> bytes:
    """Return a mail of several parts; a part is headers, an empty line and its content."""
    start = b"\r\n".join(line for line in head(PLAIN) if not line.lower().startswith(b"content-"))
    divided = b"".join(b"--" + boundary.encode() + b"\r\n" + child + b"\r\n" for child in children)
    kind_line = f"\r\nContent-Type: multipart/{kind}; boundary={boundary}\r\n\r\n".encode()
    return start + kind_line + divided + f"--{boundary}--\r\n".encode()


def nested(depth: int) -> bytes:
    """Return a mail whose text lies under `depth` layers."""
    layers = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return b"From: a@example.se\nSubject: x\n" + "".join(layers).encode() + b"Content-Type: text/plain\n\ninnerst"


def head(mail: bytes) -> list[bytes]:
    """Return the header lines of a mail."""
    return mail.partition(b"\r\n\r\n")[0].split(b"\r\n")


def body(mail: bytes) -> bytes:
    """Return what follows the headers."""
    return mail.partition(b"\r\n\r\n")[2]
