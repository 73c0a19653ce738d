"""Pairs of names, whether they are one name, and why: the yardstick of the name comparison.

`same` pairs score at least `SAME`, `different` pairs below `DIFFERENT`, and `look` pairs between:
those that a person should look at.
"""

from typing import NamedTuple


class Case(NamedTuple):
    """Two names as written, what they should be found to be, and the reason."""

    first: str
    second: str
    verdict: str
    reason: str


def _cases(verdict: str, reason: str, table: str) -> list[Case]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return [Case(first.strip(), second.strip(), verdict, reason) for first, second in rows]


SAME_CASES = [
    *_cases(
        "same",
        "Khmer against its usual Latin spelling",
        """
        ជា សុខា | Chea Sokha
        ហេង វុទ្ធី | Heng Vuthy
        សុខ ដារ៉ា | Sok Dara
        លី ហួរ | Ly Huor
        កែវ សុភាព | Keo Sopheap
        ម៉ៅ ចាន់ថា | Mao Chantha
        ប្រាក់ សុវណ្ណ | Prak Sovann
        ឈឹម សុខណា | Chhim Sokna
        យឹម ស្រីនាង | Yim Sreyneang
        ប៉ែន ពិសិដ្ឋ | Pen Piseth
        នួន ចន្ទ្រា | Nuon Chantrea
        ពេជ្រ ធីតា | Pich Thida
        មាស សុជាតា | Meas Socheata
        អ៊ុក សុវណ្ណ | Ouk Sovann
        អ៊ឹង ហួត | Ung Huot
        សេង មុនី | Seng Mony
        គឹម លាង | Kim Leang
        ឡុង ធារី | Long Theary
        ខៀវ វិសាល | Khiev Visal
        ហួត ប៊ុនណា | Huot Bunna
        តាំង គីមលី | Tang Kimly
        ហូរ សុភ័ក្ត្រ | Hour Sopheak
        អ៊ុក សុវណ្ណ | Uk Sovan
        ប៉ែន ពិសិដ្ឋ | Pen Piset
        """,
    ),
    *_cases(
        "same",
        "i and y, e and i, o and u are one sound to the writer",
        """
        Ly Huor | Li Huor
        Chan Thy | Chan Thi
        Pich Sokha | Pech Sokha
        Kim Heng | Kem Heng
        Sok Bopha | Sok Bupha
        Sokhom | Sokhum
        Norodom | Norodum
        Chea Mony | Chea Moni
        Yim Sophy | Yim Sophi
        Vuthy | Vuthi
        Hong | Hung
        """,
    ),
    *_cases(
        "same",
        "plain and aspirated letters are mixed up",
        """
        Sopheap | Sopeap
        Kim Sreng | Khim Sreng
        Chhay | Chay
        Tha | Ta
        Phalla | Palla
        Sokun | Sokhun
        Thida | Tida
        Ratha | Rata
        Piseth | Piset
        Chhoeun | Choeun
        """,
    ),
    *_cases(
        "same",
        "ea, ie and ia are one vowel",
        """
        Tea Banh | Tia Banh
        Seang Nam | Sieng Nam
        Chea | Chia
        Leang | Lieng
        Meas | Mias
        Leap | Liep
        """,
    ),
    *_cases(
        "same",
        "a final r or h draws out the vowel",
        """
        Som | Sorm
        Sar | Sa
        Ho | Hor
        Ea | Ear
        Hour | Hou
        Dara | Darah
        Vannak | Varnnak
        """,
    ),
    *_cases(
        "same",
        "doubled letters",
        """
        Sovan | Sovann
        Rattanak | Ratanak
        Sin | Sinn
        Vutthy | Vuthy
        Channary | Chanary
        Bunna | Buna
        """,
    ),
    *_cases(
        "same",
        "v and w, k and ck, s and z",
        """
        Vuthy | Wuthy
        Sakona | Sackona
        San | Zan
        Vanna | Wanna
        """,
    ),
    *_cases(
        "same",
        "ei, ey, ay and ai at the end",
        """
        Borey | Borei
        Serey | Serei
        Chhay | Chhai
        Malay | Malai
        Srey | Sry
        Pisey | Pisei
        """,
    ),
    *_cases(
        "same",
        "family name last",
        """
        Chea Sokha | Sokha Chea
        ជា សុខា | សុខា ជា
        ជា សុខា | Sokha Chea
        Heng Vuthy | VUTHY HENG
        Nguyen Van Hoa | Van Hoa Nguyen
        លី ស្រីមុំ | ស្រីមុំ លី
        """,
    ),
    *_cases(
        "same",
        "parts joined or split",
        """
        Sok Kha | Sokha
        Chan Thol | Chanthol
        Sun Chan Thol | Sun Chanthol
        Chea Bun Thoeun | Chea Bunthoeun
        ជា សុខ ខា | ជា សុខខា
        ហេង ស្រី មុំ | ហេង ស្រីមុំ
        ជាសុខា | ជា សុខា
        ជាសុខា | Chea Sokha
        សុខាជា | ជា សុខា
        Nguyen Vanhoa | Nguyen Van Hoa
        Ly Sreymom | Ly Srey Mom
        Chea Sok Kha | ជា សុខា
        """,
    ),
    *_cases(
        "same",
        "an honorific in front",
        """
        លោក ជា សុខា | ជា សុខា
        លោកតា ជា សុខា | ជា សុខា
        អ្នកស្រី ហេង វុទ្ធី | ហេង វុទ្ធី
        លោកយាយ មាស នាង | មាស នាង
        នាង ជា សុខា | ជា សុខា
        តា ជា សុខា | ជា សុខា
        យាយ លី ហួរ | លី ហួរ
        លោក តា ជា សុខា | ជា សុខា
        អ្នក ស្រី ហេង វុទ្ធី | Heng Vuthy
        Mr Sok Dara | Sok Dara
        Mrs. Chea Sokha | ជា សុខា
        ឧកញ៉ា លី ហួរ | Ly Huor
        """,
    ),
    *_cases(
        "same",
        "one text in other code points",
        """
        ស៊ីម | សី៊ម
        ហ៊ឹម | ហុឹម
        ដារ៉ា | ដារា៉
        ស្រីមុំ | សី្រមុំ
        ស្រីមុំ | ស្រីមំុ
        សុភក្ត្រ | សុភក្ដ្រ
        សោភា | សេាភា
        ជើង | ជេីង
        រតនៈ | រតន:
        ឱម | ឲម
        """,
    ),
    *_cases(
        "same",
        "invisible characters inside",
        """
        សុខា | សុ\u200bខា
        វ៉ាន់នី | វ៉ា\u200bន់នី
        សុខា | \ufeffសុខា
        ជា សុខា | ជា\u00a0សុខា
        ចិន្តា | ចិន\u200b្តា
        """,
    ),
    *_cases(
        "same",
        "Khmer spellings of one sound",
        """
        ចាន់ណា | ច័ន្ទណា
        ចន្ថា | ចាន់ថា
        ចំរើន | ចម្រើន
        សំបត្តិ | សម្បត្តិ
        សុភ័ក្រ | សុភ័ក្ត្រ
        សុខណា | សុខនា
        ថារ៉ា | ធារ៉ា
        លីន | លិន
        វណ្ណា | វ៉ាន់ណា
        ផលលី | ផល្លី
        រតនា | រតនៈ
        សុវណ្ណ | សុវណ្ណ៍
        """,
    ),
    *_cases(
        "same",
        "letters that are written and not heard",
        """
        Vichet | Vichetr
        វិចិត្រ | Vichet
        រិទ្ធ | Rith
        សុភ័ក្ត្រ | Sopheak
        ប្រសិទ្ធ | Prasith
        រ័ត្ន | Rath
        បុប្ផា | Bopha
        """,
    ),
    *_cases(
        "same",
        "coda and onset run together in Latin",
        """
        សុខហេង | Sokheng
        ប៊ុនហ៊័រ | Bunhor
        ប៊ុនហេង | Bunheng
        ឈុនហួរ | Chhunhour
        """,
    ),
    *_cases(
        "same",
        "Muslim (Cham) names",
        """
        Math Fatimah | Mat Fatima
        Mohamad | Muhammad
        Sles | Sleh
        ម៉ាត់ ហ្វាទីម៉ា | Mat Fatima
        សាលី | Saly
        អាមីណា | Amina
        """,
    ),
    *_cases(
        "same",
        "Chinese-Khmer names",
        """
        Lim Heng | Liem Heng
        Ung Hong | Oung Hong
        លឹម ហុង | Lim Hong
        តាន់ គីម | Tan Kim
        Tang Ly | Taing Ly
        """,
    ),
    *_cases(
        "same",
        "Vietnamese names with and without their marks",
        """
        Nguyễn Văn Hòa | Nguyen Van Hoa
        Trần Thị Lan | Tran Thi Lan
        Đặng Minh | Dang Minh
        Lê Thị Hồng | Le Thi Hong
        """,
    ),
    *_cases(
        "same",
        "capitals, points and hyphens",
        """
        CHEA SOKHA | chea sokha
        Chea-Sokha | Chea Sokha
        Chea, Sokha | Chea Sokha
        L'ak | Lak
        """,
    ),
    *_cases(
        "same",
        "names of one syllable",
        """
        សុខ | Sok
        លី | Ly
        ហួរ | Hour
        គឹម | Kim
        ពៅ | Pov
        អៀ | Ea
        ឆៃ | Chhay
        """,
    ),
]

DIFFERENT_CASES = [
    *_cases(
        "different",
        "siblings alliterate: one family, the same beginning",
        """
        Chea Sokha | Chea Sokhom
        ជា សុខា | ជា សុខុម
        Chea Sokha | Chea Sokhy
        ជា សុខា | ជា សុខី
        Sok Sreypov | Sok Sreypich
        Sok Sreymom | Sok Sreymey
        ហេង ស្រីមុំ | ហេង ស្រីណាង
        ហេង ស្រីមុំ | ហេង ស្រីម៉ៅ
        Ly Dara | Ly Dary
        Ly Dara | Ly Dareth
        លី ដារ៉ា | លី ដារី
        Kim Vanna | Kim Vanny
        គឹម វណ្ណា | គឹម វណ្ណី
        Mao Bunthoeun | Mao Bunthy
        Chan Ratha | Chan Rithy
        Pen Sophea | Pen Sophal
        Pen Sophea | Pen Sopheap
        Keo Chanthou | Keo Chanthy
        កែវ ចាន់ធូ | កែវ ចាន់ធី
        Ros Sovannara | Ros Sovannary
        Sok Sokunthea | Sok Sokuntheary
        ជា សុខា | Chea Sokhom
        ជា សុខា | Chea Sokhy
        លី ដារ៉ា | Ly Dary
        គឹម វណ្ណា | Kim Vanny
        """,
    ),
    *_cases(
        "different",
        "same given name, another family",
        """
        Chea Sokha | Heng Sokha
        ជា ដារ៉ា | ហេង ដារ៉ា
        ជា ដារ៉ា | Heng Dara
        """,
    ),
    *_cases(
        "different",
        "same family, another given name",
        """
        Chea Sokha | Chea Vuthy
        ជា សុខា | ជា ពិសិដ្ឋ
        ជា សុខា | Chea Piseth
        Nguyen Van Hoa | Nguyen Thi Lan
        """,
    ),
    *_cases(
        "different",
        "one consonant makes another name",
        """
        Bopha | Phalla
        Sophal | Sophat
        Kosal | Kosoma
        Samnang | Samrith
        Pich | Pin
        ម៉ុក | ម៉ុម
        សុខ | សុន
        """,
    ),
    *_cases(
        "different",
        "an open, a front and a back vowel are not one",
        """
        Thy | Tha
        Ly | Lo
        Sok | Sak Dy
        លី | លា
        ធី | ធូ
        """,
    ),
    *_cases(
        "different",
        "names that share most letters",
        """
        Marady | Maradona Chan
        Sreyroth | Sreyrous Ly
        Vannak | Vannet
        Phirun | Phirom Sok
        """,
    ),
    *_cases(
        "different",
        "no part in common",
        """
        ជា សុខា | ហេង វុទ្ធី
        Chea Sokha | Heng Vuthy
        ជា សុខា | Heng Vuthy
        Ly | Heng
        Mohamad Ali | Nguyen Hoa
        """,
    ),
]

LOOK_CASES = [
    *_cases(
        "look",
        "half of a name is the other",
        """
        Dara | Sok Dara
        ដារ៉ា | សុខ ដារ៉ា
        ដារ៉ា | Sok Dara
        Chea | Chea Sokha
        Sok Dara | Sok Dara Vuthy
        """,
    ),
    *_cases(
        "look",
        "one rare spelling among the parts",
        """
        Rainsy | Rangsy
        """,
    ),
]

CASES = SAME_CASES + DIFFERENT_CASES + LOOK_CASES
