"""What the least of services could do here: one route, one indexed SELECT, nothing else."""

import os

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["REGISTRY_DATABASE_URL"])
STATEMENT = text("SELECT id, sp_id, registered_at FROM person WHERE sp_id = :sp_id")


class Asked(BaseModel):
    """A question by SP ID."""

    sp_id: str


@app.post("/bare")
def bare(asked: Asked) -> dict[str, object]:
    """One row by its key."""
    with engine.connect() as connection:
        row = connection.execute(STATEMENT, {"sp_id": asked.sp_id}).one()
    return {"id": row.id, "sp_id": row.sp_id}
