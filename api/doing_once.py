"""What came of a request that creates or changes something, and the answer to it."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel


@dataclass(frozen=True)
class Done:
    """What came of a request."""

    body: BaseModel
    status: HTTPStatus = HTTPStatus.OK
    headers: tuple[tuple[str, str], ...] = ()

    def answer(self) -> Response:
        """As it is answered."""
        return JSONResponse(
            self.body.model_dump(mode="json"), self.status.value, dict(self.headers)
        )
