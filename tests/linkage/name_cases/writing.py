"""One text typed in several ways."""

from tests.linkage.name_cases.case import Case, cases

WRITING: list[Case] = [
    *cases(
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
        ប៉ុល | បុ៉ល
        ញ៉ែម | ញែ៉ម
        អ៊ុំ | អុំ៊
        ហ៊ាង | ហា៊ង
        កើត | កេីត
        ចៅ | ចេៅ
        ភ័ក្ត្រា | ភ័ក្រ្តា
        """,
    ),
    *cases(
        "same",
        "invisible characters inside",
        """
        សុខា | សុ\u200bខា
        វ៉ាន់នី | វ៉ា\u200bន់នី
        សុខា | \ufeffសុខា
        ជា សុខា | ជា\u00a0សុខា
        ចិន្តា | ចិន\u200b្តា
        ខេម\u200dា | ខេមា
        សុ\u2060ភី | សុភី
        ស៊\u00adឹម | ស៊ឹម
        """,
    ),
    *cases(
        "same",
        "capitals, points and hyphens",
        """
        CHEA SOKHA | chea sokha
        Chea-Sokha | Chea Sokha
        Chea, Sokha | Chea Sokha
        L'ak | Lak
        """,
    ),
]
