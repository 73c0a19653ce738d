"""Names of Muslim (Cham), Chinese and Vietnamese families."""

from tests.linkage.name_cases.case import Case, cases

PEOPLES: list[Case] = [
    *cases(
        "same",
        "Muslim (Cham) names",
        """
        Math Fatimah | Mat Fatima
        Mohamad | Muhammad
        Sles | Sleh
        ម៉ាត់ ហ្វាទីម៉ា | Mat Fatima
        សាលី | Saly
        អាមីណា | Amina
        ម៉ូហាម៉ាត់ យូសុះ | Mohamad Yusof
        ម៉ូហាម៉ាត់ យូសុះ | Mohamat Yusoh
        ម៉ូហាម៉ាត់ | Mohamad
        ស្លេះ ហ្វាទីម៉ះ | Sles Fatimah
        ម៉ាត់ លី | Math Ly
        ម៉ាន់ យូសុះ | Man Yusof
        លី អាប់ឌុល | Ly Abdul
        អាប់ឌុល ការីម | Abdul Karim
        អាប់ឌុល រ៉ះម៉ាន | Abdul Rahman
        អាប់ឌុលឡោះ | Abdullah
        Abdul Karim | Abdulkarim
        Man Abdul Rahman | Man Abdulrahman
        អះម៉ាត់ | Ahmad
        Ahmad | Ahmat
        អ៊ូស្មាន | Osman
        អ៊ុសម៉ាន | Osman
        អ៊ីប្រាហ៊ីម | Ibrahim
        Sulaiman | Soleiman
        សុលៃម៉ាន | Sulaiman
        ម៉ាត់ ហ៊ូស៊ីន | Mat Husin
        កូសេម | Kosem
        រ៉ោមឡី | Romly
        មូសា | Musa
        អ៊ីសា | Isa
        អាលី | Ali
        ហាសាន់ | Hasan
        """,
    ),
    *cases(
        "same",
        "Chinese-Khmer names",
        """
        Lim Heng | Liem Heng
        Ung Hong | Oung Hong
        លឹម ហុង | Lim Hong
        តាន់ គីម | Tan Kim
        Tang Ly | Taing Ly
        តាំង ហេងលី | Taing Hengly
        លឹម គាងហាក់ | Lim Keanghak
        តាន់ មុយហ៊ាង | Tan Muyheang
        អ៊ឹង ហុងគី | Ung Hongky
        ឆេង ហុកលី | Chheng Hokly
        ខូវ ម៉េងលី | Khov Mengly
        កាំង ហួយ | Kang Huoy
        ងូវ ហេង | Ngov Heng
        លាវ សុងលី | Liv Songly
        លីម ម៉េងសៀ | Lim Mengsea
        ហ្វូ គុយហុង | Fu Kuyhong
        គុយ សុផល | Kuy Sophal
        កុក អាន | Kok An
        """,
    ),
    *cases(
        "same",
        "Vietnamese names with and without their marks",
        """
        Nguyễn Văn Hòa | Nguyen Van Hoa
        Trần Thị Lan | Tran Thi Lan
        Đặng Minh | Dang Minh
        Lê Thị Hồng | Le Thi Hong
        Nguyễn Thị Hương | Nguyen Thi Huong
        Phạm Văn Đức | Pham Van Duc
        Huỳnh Văn Tài | Huynh Van Tai
        Đỗ Thị Mai | Do Thi Mai
        Võ Thị Mỹ | Vo Thi My
        Nguyễn Văn An | NGUYEN VAN AN
        """,
    ),
    *cases(
        "same",
        "a final f is breathed in Cham, and written h or s",
        """
        យូសុះ | Yusof
        យូសុះ | Yusuf
        Yusos | Yusof
        Mohamad Yusof | Mohamat Yusoh
        """,
    ),
    *cases(
        "same",
        "a final breath of Cham is written h or s",
        """
        ស្លេះ | Sles
        Sles Fatimah | Sleh Fatima
        សឡេះ | Saleh
        ណោះ | Nos
        សុះ | Sos
        Las | Lah
        ហ្វាទីម៉ះ | Fatimah
        """,
    ),
    *cases(
        "same",
        "vowels side by side in Arabic names are two syllables",
        """
        អ៊ីស្មាអែល | Ismael
        អ៊ីស្មាអែល | Ismail
        Ismael | Ismail
        ហ្សាការីយ៉ា | Zakaria
        ម៉ារីយ៉ាំ | Mariam
        """,
    ),
    *cases(
        "different",
        "Muslim names that share their first part",
        """
        Man Abdul Rahman | Man Abdul Karim
        Mohamad Yusof | Mohamad Ismael
        ម៉ាត់ យូសុះ | ម៉ាត់ អ៊ីស្មាអែល
        """,
    ),
    *cases(
        "same",
        "the two syllables of a Chinese given name are written joined or apart",
        """
        Lim Meng Sea | Lim Mengsea
        Ung Hong Ky | Ung Hongky
        ចាន់ ហុងសេង | Chan Hong Seng
        """,
    ),
    *cases(
        "different",
        "cousins of one Chinese family share the generation's syllable",
        """
        Lim Mengsea | Lim Mengly
        Ung Hongky | Ung Hongly
        """,
    ),
    *cases(
        "same",
        "Vietnamese names as Khmer clerks hear them",
        """
        ង្វៀន | Nguyen
        ង្វៀង | Nguyen
        ងុយៀន | Nguyen
        ង្វៀន វ៉ាន់ ហ័រ | Nguyen Van Hoa
        ង្វៀន ធី ឡាន | Nguyen Thi Lan
        ត្រាន់ វ៉ាន់ មិញ | Tran Van Minh
        ឡេ ធី ហុង | Le Thi Hong
        ផាម វ៉ាន់ | Pham Van
        ដាំង មិញ | Dang Minh
        ដូ ធីម៉ៃ | Do Thi Mai
        វ៉ យ៉ាង | Vo Giang
        """,
    ),
    *cases(
        "different",
        "Vietnamese middle names are shared by many",
        """
        Nguyen Thi Lan | Nguyen Thi Hoa
        Nguyen Van An | Nguyen Van Binh
        Tran Van Minh | Tran Thi Mai
        """,
    ),
]
