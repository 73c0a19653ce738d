"""The courier: signs a message and sends it to an address that it may be sent to."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registry.partners import message_keys, sending
from registry.partners.signatures import Signer
from registry.sealing import keyring
from registry.settings import Settings

OUR_NAME = "social-protection-registry"


@dataclass(frozen=True)
class Courier:
    """Sends for an installation."""

    settings: Settings

    def send(self, session: Session, address: str, body: dict[str, Any], now: datetime) -> None:
        """Sign a body and send it; its `signature` says by which convention.

        Raises:
            NotDelivered: nobody took it.
        """
        name = self.settings.exchange_name or OUR_NAME
        key = message_keys.current(session, keyring(self.settings), now)
        signer = Signer(body["signature"], name, key)
        signature = signer.sign(body["header"], body["message"], now)
        signed = json.dumps({**body, "signature": signature}, ensure_ascii=False)
        sending.send(address, signed.encode(), self.settings.networks)
