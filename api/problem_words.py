"""What a caller is told of each kind of problem, in English and Khmer; the codes are stable."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

KHMER: Final[Mapping[HTTPStatus, tuple[str, str]]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: ("សំណើមិនត្រឹមត្រូវ", "សំណើនេះមិនអាចអានបានទេ។"),
        HTTPStatus.UNAUTHORIZED: (
            "មិនទាន់បានបញ្ជាក់អត្តសញ្ញាណ", "ត្រូវការសញ្ញាសម្គាល់ (token) ដែលនៅមានសុពលភាព។",
        ),
        HTTPStatus.FORBIDDEN: ("គ្មានសិទ្ធិ", "អ្នកគ្មានសិទ្ធិធ្វើសកម្មភាពនេះទេ។"),
        HTTPStatus.NOT_FOUND: ("រកមិនឃើញ", "ប្រព័ន្ធគ្មានអ្វីក្រោមលេខនេះទេ។"),
        HTTPStatus.METHOD_NOT_ALLOWED: ("វិធីមិនត្រូវបានអនុញ្ញាត", "អាសយដ្ឋាននេះមិនទទួលវិធីនេះទេ។"),
        HTTPStatus.CONFLICT: (
            "មិនស្របគ្នា", "សំណើនេះមិនស្របនឹងអ្វីដែលប្រព័ន្ធមាននៅពេលនេះទេ។",
        ),
        HTTPStatus.PRECONDITION_FAILED: (
            "មានការផ្លាស់ប្តូររួចហើយ", "ទិន្នន័យនេះបានផ្លាស់ប្តូរ ចាប់តាំងពីអ្នកបានមើល៖ សូមមើលម្តងទៀត។",
        ),
        HTTPStatus.PRECONDITION_REQUIRED: (
            "ត្រូវបញ្ជាក់កំណែ", "សូមផ្ញើ If-Match ជាមួយ ETag ដែលបានអាន។",
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("ធំពេក", "អ្វីដែលបានផ្ញើមកធំពេក។"),
        HTTPStatus.UNPROCESSABLE_ENTITY: (
            "ទម្រង់មិនត្រឹមត្រូវ", "សំណើនេះមិនស្របតាមទម្រង់ដែលបានពណ៌នាទេ។",
        ),
        HTTPStatus.TOO_MANY_REQUESTS: ("សំណើច្រើនពេក", "សូមរង់ចាំ រួចសាកល្បងម្តងទៀត។"),
        HTTPStatus.INTERNAL_SERVER_ERROR: (
            "បញ្ហាក្នុងប្រព័ន្ធ", "ប្រព័ន្ធមានបញ្ហា។ សូមសាកល្បងម្តងទៀត។",
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            "សេវាមិនអាចប្រើបាន", "សេវាមិនអាចឆ្លើយបាននៅពេលនេះ។ សូមរង់ចាំ។",
        ),
    }
)  # fmt: skip
"""Status → title and detail in Khmer."""


def prefers_khmer(accepted: str) -> bool:
    """Whether an Accept-Language header puts Khmer before English."""
    weights = {"km": 0.0, "en": 0.0}
    for at, part in enumerate(accepted.split(",")[:20]):
        name, _, quality = part.strip().partition(";q=")
        language = name.split("-")[0].strip().lower()
        if language in weights:
            try:
                weight = float(quality or 1) - at * 1e-6
            except ValueError:
                continue
            weights[language] = max(weights[language], weight)
    return weights["km"] > weights["en"]
