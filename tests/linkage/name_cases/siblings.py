"""Names that are near and are not one."""

from tests.linkage.name_cases.case import Case, cases

SIBLINGS: list[Case] = [
    *cases(
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
    *cases(
        "different",
        "same given name, another family",
        """
        Chea Sokha | Heng Sokha
        ជា ដារ៉ា | ហេង ដារ៉ា
        ជា ដារ៉ា | Heng Dara
        """,
    ),
    *cases(
        "different",
        "same family, another given name",
        """
        Chea Sokha | Chea Vuthy
        ជា សុខា | ជា ពិសិដ្ឋ
        ជា សុខា | Chea Piseth
        Nguyen Van Hoa | Nguyen Thi Lan
        """,
    ),
    *cases(
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
    *cases(
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
    *cases(
        "different",
        "names that share most letters",
        """
        Marady | Maradona Chan
        Sreyroth | Sreyrous Ly
        Vannak | Vannet
        Phirun | Phirom Sok
        """,
    ),
    *cases(
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
