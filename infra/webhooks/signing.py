"""Standard Webhooks: the headers by which a receiver knows who sent a message, that it is whole, and that it is new."""

import base64
import hmac
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"


def shown(secret: bytes) -> str:
    """A secret as its receiver is given it."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secret: bytes, message_id: str, timestamp_seconds: int, body: bytes) -> dict[str, str]:
    """What a message carries. The id is the same however often it is sent, the time is that of the attempt."""
    signed = f"{message_id}.{timestamp_seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(secret, signed, sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_seconds),
        "webhook-signature": f"v1,{signature}",
    }
