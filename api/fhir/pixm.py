"""PIXm (ITI-83): from one number of a person to their others."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fhir.resources.R4B.parameters import Parameters

from api.fhir import systems
from api.fhir.calls import Call, Resource, asking, parameters
from api.fhir.outcome import Refused, answer
from registry.access.roles import Permission

router = APIRouter(tags=["PIXm"])
Asker = Annotated[Call, Depends(asking(Permission.LOOK_UP))]


@router.get("/Patient/$ihe-pix", summary="Other numbers of a person")
def cross_reference(
    call: Asker,
    source: Annotated[str, Query(alias="sourceIdentifier", max_length=500)],
    target: Annotated[list[str] | None, Query(alias="targetSystem", max_length=20)] = None,
) -> Response:
    """The number stands in the address here: better send it by POST."""
    return _answer(call, source, target or [])


@router.post("/Patient/$ihe-pix", summary="Other numbers of a person, asked in the body")
def cross_reference_by_post(call: Asker, sent: Resource) -> Response:
    """Parameters with `sourceIdentifier` and any number of `targetSystem`."""
    given = parameters(sent)
    sources = [_token(each) for each in given if each.get("name") == "sourceIdentifier"]
    targets = [
        str(each.get("valueUri") or each.get("valueString") or each.get("valueCanonical") or "")
        for each in given if each.get("name") == "targetSystem"
    ]  # fmt: skip
    if len(sources) != 1:
        text = "Parameters name one sourceIdentifier."
        raise Refused(HTTPStatus.BAD_REQUEST, "required", text)
    return _answer(call, sources[0], targets)


def _token(parameter: dict[str, Any]) -> str:
    identifier = parameter.get("valueIdentifier")
    if isinstance(identifier, dict):
        return f"{identifier.get('system', '')}|{identifier.get('value', '')}"
    return str(parameter.get("valueString") or parameter.get("valueUri") or "")


def _answer(call: Call, source: str, targets: list[str]) -> Response:
    condition = systems.holder(source)
    for target in targets:
        if target not in systems.SYSTEMS:
            text = "The target system is not known here."
            raise Refused(HTTPStatus.FORBIDDEN, "code-invalid", text)
    found, total = call.found("PIXm", condition)
    if total != 1:
        text = "Nobody is known by this number with certainty."
        raise Refused(HTTPStatus.NOT_FOUND, "not-found", text)
    [profile] = found
    system, _, value = source.partition("|")
    parameters: list[dict[str, Any]] = [
        {"name": "targetIdentifier", "valueIdentifier": each}
        for each in systems.identifiers(profile)
        if (each["system"] in targets or not targets)
        and (each["system"], each["value"]) != (system, value)
    ]
    reference = {"reference": f"{call.base}/Patient/{profile.sp_id}"}
    parameters.append({"name": "targetId", "valueReference": reference})
    body = {"resourceType": "Parameters", "parameter": parameters}
    Parameters.model_validate(body)
    return answer(body)
