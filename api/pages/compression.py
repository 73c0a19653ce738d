"""Pages in fewer bytes, for slow lines.

A page that says back what somebody else chose, beside a secret, may be guessed at from its length
(BREACH). Pages say back only what was sent with a form's token, which no other site can send; what
programs are answered is never made smaller.
"""

import gzip
from typing import Final

from fastapi import Request, Response

SMALLEST: Final = 1000
EFFORT: Final = 5
KINDS: Final = ("text/html", "text/css", "text/csv", "text/javascript", "image/svg+xml")


def shrink(request: Request, response: Response) -> Response:
    """Compress an answer that is held whole, where the browser says that it can read that."""
    body = getattr(response, "body", b"")
    accepted = request.headers.get("accept-encoding", "")
    is_text = response.headers.get("content-type", "").startswith(KINDS)
    if "gzip" not in accepted or not is_text or len(body) < SMALLEST:
        return response
    response.body = gzip.compress(body, EFFORT, mtime=0)
    response.headers["content-encoding"] = "gzip"
    response.headers["content-length"] = str(len(response.body))
    return response
