"""Every door of the application and whom it opens to: one line a route.

A route that is not here fails `test_doors`. Add it with what it asks for: `api(...)` for bearer
tokens, `page(...)` for signed-in browsers, `KNOWN` for any token, `ANYBODY_SIGNED_IN` for the
browser of any officer, `OPEN` for everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from api.pages import typeface
from registry.access.roles import Permission as May


@dataclass(frozen=True)
class Door:
    """How one comes in, and what one must be allowed."""

    way: Literal["open", "known", "api", "page"]
    permission: May | None = None


def api(permission: May) -> Door:
    return Door("api", permission)


def page(permission: May) -> Door:
    return Door("page", permission)


OPEN = Door("open")
KNOWN = Door("known")
ANYBODY_SIGNED_IN = Door("page")
DOORS: Mapping[str, Door] = {
    "GET /": OPEN,
    "POST /language": OPEN,
    f"GET /static/{typeface.NAME}": OPEN,
    "GET /static/{version}/{name}": OPEN,
    "GET /livez": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": OPEN,
    "GET /openapi.json": OPEN,
    "GET /docs": OPEN,
    "GET /docs/oauth2-redirect": OPEN,
    "GET /redoc": OPEN,
    "GET /registry/openapi.json": OPEN,
    "GET /registry/docs": OPEN,
    "GET /registry/docs/oauth2-redirect": OPEN,
    "GET /registry/redoc": OPEN,
    "GET /.well-known/jwks.json": OPEN,
    "GET /.well-known/oauth-authorization-server": OPEN,
    "POST /oauth2/token": OPEN,
    "POST /oauth2/client/token": OPEN,
    "POST /registry/subscribe": api(May.READ_PERSONS),
    "POST /registry/unsubscribe": api(May.READ_PERSONS),
    "POST /registry/sync/enrolled": api(May.ASK_ELIGIBILITY),
    "POST /registry/sync/enrollment/updates": api(May.UPLOAD_BATCHES),
    "GET /fhir/openapi.json": OPEN,
    "GET /fhir/docs": OPEN,
    "GET /fhir/docs/oauth2-redirect": OPEN,
    "GET /fhir/redoc": OPEN,
    "GET /fhir/metadata": OPEN,
    "GET /fhir/Patient": api(May.READ_PERSONS),
    "PUT /fhir/Patient": api(May.UPLOAD_BATCHES),
    "POST /fhir/Patient/_search": api(May.READ_PERSONS),
    "GET /fhir/Patient/{number}": api(May.READ_PERSONS),
    "POST /fhir/Patient/$match": api(May.READ_PERSONS),
    "GET /fhir/Patient/$ihe-pix": api(May.LOOK_UP),
    "POST /fhir/Patient/$ihe-pix": api(May.LOOK_UP),
    "POST /fhir/CoverageEligibilityRequest": api(May.ASK_ELIGIBILITY),
    "GET /fhir/$export": api(May.READ_BATCHES),
    "GET /fhir/Patient/$export": api(May.READ_BATCHES),
    "GET /fhir/bulk/{number}": api(May.READ_BATCHES),
    "GET /fhir/bulk/{number}/Patient.ndjson": api(May.READ_BATCHES),
    "DELETE /fhir/bulk/{number}": api(May.READ_BATCHES),
    "POST /v1/eligibility": api(May.ASK_ELIGIBILITY),
    "POST /v1/eligibility/batch": api(May.ASK_ELIGIBILITY),
    "POST /v1/lookups": api(May.LOOK_UP),
    "GET /v1/persons/{sp_id}": api(May.READ_PERSONS),
    "GET /v1/schemes": KNOWN,
    "GET /v1/persons/{sp_id}/history": api(May.READ_PERSONS),
    "GET /v1/persons/{sp_id}/households": api(May.READ_PERSONS),
    "GET /v1/persons/{sp_id}/values": api(May.READ_PERSONS),
    "POST /v1/batches": api(May.UPLOAD_BATCHES),
    "POST /v1/batches/{number}/cancel": api(May.UPLOAD_BATCHES),
    "POST /v1/batches/{number}/confirm": api(May.UPLOAD_BATCHES),
    "OPTIONS /v1/uploads": OPEN,
    "POST /v1/uploads": api(May.UPLOAD_BATCHES),
    "HEAD /v1/uploads/{upload}": api(May.UPLOAD_BATCHES),
    "PATCH /v1/uploads/{upload}": api(May.UPLOAD_BATCHES),
    "DELETE /v1/uploads/{upload}": api(May.UPLOAD_BATCHES),
    "GET /v1/batches": api(May.READ_BATCHES),
    "GET /v1/batches/{number}": api(May.READ_BATCHES),
    "GET /v1/batches/{number}/corrections": api(May.READ_BATCHES),
    "GET /v1/batches/{number}/problems": api(May.READ_BATCHES),
    "GET /v1/batches/{number}/rejected-rows": api(May.READ_BATCHES),
    "GET /v1/audit": api(May.READ_AUDIT),
    "POST /v1/reviews/next": api(May.DECIDE_REVIEWS),
    "GET /v1/reviews/words": api(May.DECIDE_REVIEWS),
    "POST /v1/reviews/words/{number}/undo": api(May.DECIDE_REVIEWS),
    "GET /v1/reviews/{number}": api(May.DECIDE_REVIEWS),
    "POST /v1/reviews/{number}/release": api(May.DECIDE_REVIEWS),
    "POST /v1/reviews/{number}/words": api(May.DECIDE_REVIEWS),
    "GET /v1/decisions": api(May.SUPERVISE_REVIEWS),
    "POST /v1/decisions/{number}/undo": api(May.SUPERVISE_REVIEWS),
    "GET /v1/findings": api(May.READ_FINDINGS),
    "GET /v1/referrals": api(May.READ_FINDINGS),
    "POST /v1/findings/{number}/close": api(May.CLOSE_FINDINGS),
    "GET /v1/indicators": api(May.READ_INDICATORS),
    "GET /v1/indicators/{code}": api(May.READ_INDICATORS),
    "POST /registry/sync/search": api(May.READ_PERSONS),
    "POST /registry/search": api(May.READ_PERSONS),
    "POST /registry/sync/txn/status": api(May.READ_PERSONS),
    "POST /registry/txn/status": api(May.READ_PERSONS),
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /sign-in/code": OPEN,
    "POST /sign-in/code": OPEN,
    "GET /sign-in/password": OPEN,
    "POST /sign-in/password": OPEN,
    "GET /sign-in/phone": OPEN,
    "POST /sign-in/phone": OPEN,
    "POST /sign-out": OPEN,
    "GET /sign-in/provider": OPEN,
    "GET /sign-in/provider/callback": OPEN,
    "GET /sign-out/provider": OPEN,
    "GET /signed-out": OPEN,
    "GET /reviews": page(May.DECIDE_REVIEWS),
    "GET /reviews/said": page(May.DECIDE_REVIEWS),
    "GET /reviews/{number}": page(May.DECIDE_REVIEWS),
    "POST /reviews/next": page(May.DECIDE_REVIEWS),
    "POST /reviews/said/{opinion}/undo": page(May.DECIDE_REVIEWS),
    "POST /reviews/{number}": page(May.DECIDE_REVIEWS),
    "POST /reviews/{number}/release": page(May.DECIDE_REVIEWS),
    "POST /reviews/{number}/renew": page(May.DECIDE_REVIEWS),
    "GET /lists": page(May.UPLOAD_BATCHES),
    "POST /lists": page(May.UPLOAD_BATCHES),
    "GET /lists/{number}": page(May.UPLOAD_BATCHES),
    "GET /lists/{number}/check": page(May.UPLOAD_BATCHES),
    "GET /lists/{number}/corrections": page(May.UPLOAD_BATCHES),
    "GET /lists/{number}/progress": page(May.UPLOAD_BATCHES),
    "POST /lists/{number}/layout": page(May.UPLOAD_BATCHES),
    "POST /lists/{number}/{act}": page(May.UPLOAD_BATCHES),
    "GET /account": ANYBODY_SIGNED_IN,
    "POST /account/password": ANYBODY_SIGNED_IN,
    "POST /account/phone": ANYBODY_SIGNED_IN,
    "POST /account/phone/code": ANYBODY_SIGNED_IN,
    "POST /account/recovery": ANYBODY_SIGNED_IN,
    "POST /account/browsers/end": ANYBODY_SIGNED_IN,
    "GET /accounts": page(May.MANAGE_ACCOUNTS),
    "POST /accounts/clients/add": page(May.MANAGE_ACCOUNTS),
    "POST /accounts/clients/{act}": page(May.MANAGE_ACCOUNTS),
    "POST /accounts/officers/add": page(May.MANAGE_ACCOUNTS),
    "POST /accounts/officers/connect": page(May.MANAGE_ACCOUNTS),
    "POST /accounts/officers/{act}": page(May.MANAGE_ACCOUNTS),
    "GET /audit": page(May.READ_AUDIT),
    "POST /audit": page(May.READ_AUDIT),
    "POST /audit/verify": page(May.READ_AUDIT),
    "GET /check": page(May.ASK_ELIGIBILITY),
    "POST /check": page(May.ASK_ELIGIBILITY),
    "GET /people": page(May.READ_PERSONS),
    "POST /people": page(May.READ_PERSONS),
    "POST /people/reason": page(May.READ_PERSONS),
    "GET /people/{sp_id}": page(May.READ_PERSONS),
    "GET /people/{sp_id}/looks": page(May.READ_PERSONS),
    "GET /figures": page(May.READ_INDICATORS),
    "GET /figures/{code}.svg": page(May.READ_INDICATORS),
    "GET /figures/{code}.csv": page(May.READ_INDICATORS),
}


def routes(app: FastAPI) -> Iterator[str]:
    """Method and path of every route of an application, those of mounted ones too."""
    return _walk(app.routes, "")


def _walk(found: list[BaseRoute], before: str) -> Iterator[str]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if isinstance(route, Mount):
            yield from _walk(route.routes, before + route.path)
        elif inner is not None:
            prefix: str = route.include_context.prefix  # type: ignore[attr-defined] # an included router
            yield from _walk(inner.routes, before + prefix)
        else:
            path: str = route.path  # type: ignore[attr-defined] # every other route has one
            methods: set[str] = getattr(route, "methods", None) or {"ANY"}
            yield from (
                f"{method} {before}{path}" for method in sorted(methods - {"HEAD"} or methods)
            )
