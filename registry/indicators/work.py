"""Figures of the registry's own work: links, lists, reviews, findings."""

from collections.abc import Sequence
from dataclasses import astuple, fields

from registry.indicators.activity import ListTaken
from registry.indicators.backlog import AGES, OpenFindings
from registry.indicators.figure import Figure, Value, Words, lines
from registry.indicators.quality import ListQuality
from registry.indicators.snapshot import Snapshot
from registry.reviewing.findings import KINDS


def links(snapshot: Snapshot) -> Figure:
    """Current links by who made them."""
    found = snapshot.holdings.links
    everything = sum(found.values())
    return Figure(
        code="links",
        title=Words("How records are linked", "របៀបភ្ជាប់កំណត់ត្រា"),
        definition=Words(
            "Current records by their link: new, the person was registered by it; automatic, the "
            "engine is certain; likely, an officer has yet to say; officer, one said so.",
            "កំណត់ត្រាបច្ចុប្បន្នតាមការភ្ជាប់៖ ថ្មី បុគ្គលចុះបញ្ជីដោយកំណត់ត្រានេះ; ស្វ័យប្រវត្តិ ប្រព័ន្ធប្រាកដ; "
            "ទំនង មន្ត្រីមិនទាន់សម្រេច; មន្ត្រី មន្ត្រីបានសម្រេច។",
        ),
        about=("link",),
        columns=("records", "share"),
        lines=lines(((kind,), (count, count / everything)) for kind, count in found.items()),
    )


def over_time(snapshot: Snapshot) -> Figure:
    """What happened, month by month."""
    whats = sorted({month.what for month in snapshot.months})
    counts = {(month.month, month.what): month.count for month in snapshot.months}
    months = sorted({month.month for month in snapshot.months})
    return Figure(
        code="over_time",
        title=Words("Month by month", "តាមខែ"),
        definition=Words(
            "Links made, reviews opened and decisions taken in each month, also those that were "
            "superseded or undone since.",
            "ការភ្ជាប់ ការពិនិត្យដែលបានបើក និងសេចក្តីសម្រេចក្នុងខែនីមួយៗ រាប់ទាំងអ្វីដែលបានជំនួស ឬលុបចោលក្រោយមក។",
        ),
        about=("month",),
        columns=tuple(whats),
        lines=lines(
            ((month,), [counts.get((month, what), 0) for what in whats]) for month in months
        ),
    )


def lists(snapshot: Snapshot) -> Figure:
    """Rows that the schemes sent, and what became of them."""

    def values(taken: ListTaken) -> Sequence[Value]:
        rejected = taken.rows_rejected / taken.rows_read if taken.rows_read else None
        return (*astuple(taken)[1:], rejected)

    return Figure(
        code="lists",
        title=Words("Lists received", "បញ្ជីដែលបានទទួល"),
        definition=Words(
            "Rows of all lists that a scheme has sent; a row is rejected when it cannot be taken.",
            "ជួរនៃបញ្ជីទាំងអស់ដែលកម្មវិធីបានផ្ញើ; ជួរត្រូវបដិសេធនៅពេលមិនអាចទទួលបាន។",
        ),
        about=("scheme",),
        columns=(
            "batches", "rows_read", "rows_rejected", "records_new", "records_changed",
            "share_rejected",
        ),
        lines=lines(((taken.scheme,), values(taken)) for taken in snapshot.lists),
    )  # fmt: skip


def list_quality(snapshot: Snapshot) -> Figure:
    """What the current records of each scheme say."""
    names = tuple(field.name for field in fields(ListQuality))[1:]
    return Figure(
        code="list_quality",
        title=Words("Quality of lists", "គុណភាពបញ្ជី"),
        definition=Words(
            "Current records of a scheme, and how many of them state a name in either script, a "
            "national ID, a telephone, a birth date to the day, a village; how many were taken "
            "with a warning; how many have expired.",
            "កំណត់ត្រាបច្ចុប្បន្នរបស់កម្មវិធី និងចំនួនដែលមានឈ្មោះជាអក្សរនីមួយៗ លេខអត្តសញ្ញាណប័ណ្ណ ទូរស័ព្ទ "
            "ថ្ងៃខែឆ្នាំកំណើតពេញលេញ ភូមិ; ចំនួនដែលមានការព្រមាន; ចំនួនដែលផុតកំណត់។",
        ),
        about=("scheme",),
        columns=names,
        lines=lines(((each.scheme,), astuple(each)[1:]) for each in snapshot.quality),
    )


def backlog(snapshot: Snapshot) -> Figure:
    """Reviews that wait, by why and since when."""
    counts = {(each.reason, each.age): each.reviews for each in snapshot.reviews}
    reasons = sorted({each.reason for each in snapshot.reviews})
    return Figure(
        code="backlog",
        title=Words("Reviews that wait", "ការពិនិត្យដែលរង់ចាំ"),
        definition=Words(
            "Possible links on which no officer has decided yet, by reason and by when they were "
            "opened: within a day, a week, thirty days, or before.",
            "ការភ្ជាប់ដែលអាចមាន ដែលមន្ត្រីមិនទាន់សម្រេច តាមមូលហេតុ និងពេលបើក៖ ក្នុងមួយថ្ងៃ មួយសប្តាហ៍ "
            "សាមសិបថ្ងៃ ឬមុននោះ។",
        ),
        about=("reason",),
        columns=AGES,
        lines=lines(
            ((reason,), [counts.get((reason, age), 0) for age in AGES]) for reason in reasons
        ),
    )


def findings(snapshot: Snapshot) -> Figure:
    """Findings that nobody has closed."""
    return _open(
        snapshot,
        "findings",
        Words("Findings", "អ្វីដែលត្រូវពិនិត្យ"),
        Words(
            "Things to look at on a person that are not a link, open now.",
            "អ្វីដែលត្រូវពិនិត្យលើបុគ្គល ក្រៅពីការភ្ជាប់ ដែលនៅបើក។",
        ),
    )


def referrals(snapshot: Snapshot) -> Figure:
    """People who may be missing a benefit."""
    return _open(
        snapshot,
        "referrals",
        Words("Referrals", "ការបញ្ជូន"),
        Words(
            "Members of equity-card households who may be missing a benefit, open now.",
            "សមាជិកគ្រួសារមានប័ណ្ណសមធម៌ ដែលប្រហែលខកខានអត្ថប្រយោជន៍ ដែលនៅបើក។",
        ),
    )


def _open(snapshot: Snapshot, code: str, title: Words, definition: Words) -> Figure:
    is_referral = code == "referrals"
    known = {kind.code for kind in KINDS if kind.is_referral == is_referral}
    rows: list[OpenFindings] = [each for each in snapshot.findings if each.kind in known]
    return Figure(
        code=code,
        title=title,
        definition=definition,
        about=("kind",),
        columns=("persons",),
        lines=lines(((each.kind,), (each.open,)) for each in rows),
        counts=frozenset({"persons"}),
    )
