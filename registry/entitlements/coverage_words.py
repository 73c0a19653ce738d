"""What people are told about coverage, in English and Khmer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from registry.entitlements.coverage import Coverage, Reason, Words

FALLBACKS: Final[Mapping[Coverage, Words]] = MappingProxyType(
    {
        Coverage.COVERED: Words(
            "Provide the service under the scheme that is named. If the person says that something "
            "is wrong, provide it all the same and report it.",
            "សូមផ្តល់សេវាក្រោមកម្មវិធីដែលបានបញ្ជាក់។ បើអ្នកជំងឺនិយាយថាមានអ្វីមិនត្រឹមត្រូវ សូមនៅតែផ្តល់សេវា ហើយរាយការណ៍។",
        ),
        Coverage.NOT_COVERED: Words(
            "No list says that this person is covered on this day. Ask for an equity card or "
            "membership card; a valid card counts. Never refuse urgent care.",
            "គ្មានបញ្ជីណាបញ្ជាក់ថាបុគ្គលនេះទទួលបានការគាំពារនៅថ្ងៃនេះទេ។ សូមសួររកប័ណ្ណសមធម៌ "
            "ឬប័ណ្ណសមាជិក ប័ណ្ណដែលនៅមានសុពលភាពអាចប្រើបាន។ កុំបដិសេធការព្យាបាលបន្ទាន់ឡើយ។",
        ),
        Coverage.UNKNOWN: Words(
            "The registry cannot say, which does not mean no. Ask for an equity card or membership "
            "card and follow it; without one use the facility's own assessment of poverty. Never "
            "refuse urgent care.",
            "ប្រព័ន្ធមិនអាចបញ្ជាក់បានទេ ដែលមិនមានន័យថាទេនោះទេ។ សូមសួររកប័ណ្ណសមធម៌ ឬប័ណ្ណសមាជិក "
            "ហើយអនុវត្តតាមប័ណ្ណនោះ។ បើគ្មានប័ណ្ណ សូមប្រើការវាយតម្លៃភាពក្រីក្ររបស់មូលដ្ឋានសុខាភិបាល។ "
            "កុំបដិសេធការព្យាបាលបន្ទាន់ឡើយ។",
        ),
    }
)
REASONS: Final[Mapping[Reason, Words]] = MappingProxyType(
    {
        Reason.ACTIVE: Words("Enrolled on this day.", "បានចុះឈ្មោះ និងមានសុពលភាពនៅថ្ងៃនេះ។"),
        Reason.NO_ENROLMENT: Words(
            "Not on the scheme's latest list.", "មិនមានក្នុងបញ្ជីចុងក្រោយរបស់កម្មវិធីទេ។"
        ),
        Reason.NOT_STARTED: Words("Not valid yet.", "មិនទាន់ដល់ថ្ងៃមានសុពលភាព។"),
        Reason.ENDED: Words("No longer valid.", "ផុតសុពលភាព។"),
        Reason.OTHER_CATEGORY: Words(
            "Enrolled in a category that is not covered.", "ចុះឈ្មោះក្នុងប្រភេទដែលមិនទទួលបានការគាំពារ។"
        ),
        Reason.TOO_OLD: Words("Past the age that is covered.", "លើសអាយុដែលទទួលបានការគាំពារ។"),
        Reason.AGE_UNKNOWN: Words("The age is not known well enough.", "មិនដឹងអាយុច្បាស់លាស់គ្រប់គ្រាន់។"),
        Reason.PERSON_UNCERTAIN: Words(
            "Nobody was found with certainty.", "រកមិនឃើញបុគ្គលណាដោយប្រាកដ។"
        ),
        Reason.REVIEW_WAITS: Words(
            "An officer has yet to look at this person's records.",
            "មន្ត្រីមិនទាន់បានពិនិត្យកំណត់ត្រារបស់បុគ្គលនេះ។",
        ),
        Reason.LIST_OUTDATED: Words(
            "The scheme's latest list is too old.", "បញ្ជីចុងក្រោយរបស់កម្មវិធីចាស់ពេក។"
        ),
        Reason.LIST_MISSING: Words(
            "The registry has no list of the scheme yet.", "ប្រព័ន្ធមិនទាន់មានបញ្ជីរបស់កម្មវិធី។"
        ),
    }
)
