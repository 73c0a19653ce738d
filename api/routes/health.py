"""Whether the service lives and is ready."""

from fastapi import APIRouter
from sqlalchemy import text

from api.dependencies import DatabaseSession
from api.schemas import Health

router = APIRouter(tags=["health"])


@router.get("/livez", summary="The process answers")
def live() -> Health:
    """Answer without asking anybody."""
    return Health()


@router.get("/readyz", summary="The database answers too")
def ready(session: DatabaseSession) -> Health:
    """Answer when the database does."""
    session.execute(text("SELECT 1"))
    return Health()
