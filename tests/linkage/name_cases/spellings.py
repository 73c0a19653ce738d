"""Spellings of one name by ear, within and between the scripts."""

from tests.linkage.name_cases.case import Case, cases

SPELLINGS: list[Case] = [
    *cases(
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
    *cases(
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
    *cases(
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
    *cases(
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
    *cases(
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
    *cases(
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
    *cases(
        "same",
        "v and w, k and ck, s and z",
        """
        Vuthy | Wuthy
        Sakona | Sackona
        San | Zan
        Vanna | Wanna
        """,
    ),
    *cases(
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
    *cases(
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
        សំបូរ | សម្បូរ
        វុទ្ធី | វុទ្ធិ៍
        ភិរម្យ | ភិរម្យ៍
        """,
    ),
    *cases(
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
    *cases(
        "same",
        "coda and onset run together in Latin",
        """
        សុខហេង | Sokheng
        ប៊ុនហ៊័រ | Bunhor
        ប៊ុនហេង | Bunheng
        ឈុនហួរ | Chhunhour
        """,
    ),
    *cases(
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
    *cases(
        "look",
        "one rare spelling among the parts",
        """
        Rainsy | Rangsy
        """,
    ),
]
