"""Parts of a name: their order, joins, honorifics, halves and initials."""

from tests.linkage.name_cases.case import Case, cases

PARTS: list[Case] = [
    *cases(
        "same",
        "family name last",
        """
        Chea Sokha | Sokha Chea
        ជា សុខា | សុខា ជា
        ជា សុខា | Sokha Chea
        Heng Vuthy | VUTHY HENG
        Nguyen Van Hoa | Van Hoa Nguyen
        លី ស្រីមុំ | ស្រីមុំ លី
        Bunthoeun Chea | ជា ប៊ុនធឿន
        សុវណ្ណារ៉ា កែវ | Keo Sovannara
        """,
    ),
    *cases(
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
        សុខលី ដា | សុខ លីដា
        ស្រី ពៅ | ស្រីពៅ
        Chan Dara Vuth | Chandaravuth
        Ratana Chan Dara | Chan Dara Ratana
        ជាប៊ុនធឿន | Bun Thoeun Chea
        """,
    ),
    *cases(
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
    *cases(
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
    *cases(
        "look",
        "an initial may stand for the name that it begins",
        """
        S Dara | Sok Dara
        Sok D | Sok Dara
        S. Dara | សុខ ដារ៉ា
        C Sokha | Chea Sokha
        Ch Sokha | Chea Sokha
        T Sokha | Thida Sokha
        Nguyen V Hoa | Nguyen Van Hoa
        Dara S | Sok Dara
        """,
    ),
    *cases(
        "different",
        "an initial stands for no name that begins otherwise",
        """
        S Dara | Chan Dara
        S Dara | Sok Dany
        Ly S | Ly Dara
        """,
    ),
]
