"""What subscribers send, whether they read or sleep: as TOKEN, over graphql-transport-ws or server-sent events."""

import json
import os
import struct
from typing import Any, Final

HANDSHAKE: Final = (
    b"GET /graphql HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
)
TEXT: Final = 0x81
"""The kind of a frame that is one whole text."""


def beginning(asked: dict[str, Any]) -> bytes:
    """Who follows what, once a socket is open."""
    known = {"type": "connection_init", "payload": {"authorization": f"Bearer {os.environ['TOKEN']}"}}
    subscribed = {"type": "subscribe", "id": "1", "payload": asked}
    return b"".join(frame(TEXT, json.dumps(message).encode()) for message in (known, subscribed))


def frame(kind: int, payload: bytes) -> bytes:
    """A client's frame: masked, by zeros."""
    size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    return bytes([kind]) + size + b"\0\0\0\0" + payload


def request(asked: dict[str, Any]) -> bytes:
    """The same by one request, whose answer is a stream."""
    body = json.dumps(asked).encode()
    return (
        b"POST /graphql HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
        b"authorization: Bearer %b\r\ncontent-length: %d\r\n\r\n%b" % (os.environ["TOKEN"].encode(), len(body), body)
    )
