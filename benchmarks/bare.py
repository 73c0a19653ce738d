"""What the least of services could do here: one route, one indexed SELECT, nothing else."""

import argparse
import os

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text

from registry import listening

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


def main() -> None:
    """Serve it as the registry is served: `--host`, `--port`, `--workers`."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--workers", type=int, default=1)
    given = asked.parse_args()
    listening.serve(
        "benchmarks.bare:app", given.host, given.port, workers=given.workers, access_log=False
    )


if __name__ == "__main__":
    main()
