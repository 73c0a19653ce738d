"""The CapabilityStatement: what this door can do, no more and no less."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from api.fhir.outcome import answer
from api.fhir.pdqm import PARAMETERS

router = APIRouter(tags=["metadata"])
PROFILES = "https://profiles.ihe.net/ITI"
SPECIFICATION = "http://hl7.org/fhir/OperationDefinition/Patient-match"
EXPORT = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition"
OPERATIONS = {
    "match": SPECIFICATION,
    "ihe-pix": f"{PROFILES}/PIXm/OperationDefinition/IHE.PIXm.pix",
    "export": f"{EXPORT}/patient-export",
}


@router.get("/metadata", summary="What this server can do")
def read(request: Request) -> Response:
    """The CapabilityStatement; it needs no token."""
    base = request.app.state.settings.public_url.rstrip("/") + "/fhir"
    body = statement(base)
    CapabilityStatement.model_validate(body)
    return answer(body)


def statement(base: str) -> dict[str, Any]:
    """What the door can do, as FHIR says it."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-25",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "implementation": {"description": "Social protection registry", "url": base},
        "instantiates": [
            f"{PROFILES}/PIXm/CapabilityStatement/IHE.PIXm.Manager",
            f"{PROFILES}/PDQm/CapabilityStatement/IHE.PDQm.Supplier",
        ],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [
                        {
                            "coding": [
                                {
                                    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                                    "code": "OAuth",
                                }
                            ]
                        }
                    ],
                    "description": "A bearer token of /oauth2/token; a `Purpose` header.",
                },
                "resource": [
                    {
                        "type": "Patient",
                        "interaction": [
                            {"code": "read"},
                            {"code": "search-type"},
                            {"code": "update"},
                        ],
                        "conditionalUpdate": True,
                        "searchParam": [
                            {"name": name, "type": kind} for name, kind in PARAMETERS.items()
                        ],
                        "operation": [
                            {"name": name, "definition": url} for name, url in OPERATIONS.items()
                        ],
                    },
                    {"type": "CoverageEligibilityRequest", "interaction": [{"code": "create"}]},
                ],
                "operation": [{"name": "export", "definition": f"{EXPORT}/export"}],
            }
        ],
    }
