"""The schemes that the registry knows, for whoever may call it."""

from fastapi import APIRouter

from api.dependencies import Caller, Chosen, CoverageRules
from api.errors import described
from api.shapes.schemes import SchemesOut
from registry.schemes import SCHEMES
from registry.schemes.mapped import load_schemes

router = APIRouter(prefix="/v1/schemes", tags=["schemes"])


@router.get("", summary="The schemes and their rules", responses=described(401))
def read_many(caller: Caller, settings: Chosen, rules: CoverageRules) -> SchemesOut:
    """Every scheme with the rule by which it covers, configured ones included."""
    del caller
    folder = settings.schemes
    configured = {} if folder is None else load_schemes(folder, taken=frozenset(SCHEMES))
    return SchemesOut.of([*SCHEMES.values(), *configured.values()], rules)
