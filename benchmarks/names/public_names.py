"""Names of persons of Cambodia's public life as printed in both scripts, family name first.

Written down from common knowledge, apart from the pairs that are learned from; no rule or cost was
chosen by them.
"""

from typing import Final

_TEXT: Final = """
    ហ៊ុន សែន | Hun Sen
    ហ៊ុន ម៉ាណែត | Hun Manet
    ស ខេង | Sar Kheng
    ទៀ បាញ់ | Tea Banh
    ហោ ណាំហុង | Hor Namhong
    សុខ អាន | Sok An
    ម៉ែន សំអន | Men Sam An
    ជា ស៊ីម | Chea Sim
    ហេង សំរិន | Heng Samrin
    សាយ ឈុំ | Say Chhum
    ខៀវ សំផន | Khieu Samphan
    នួន ជា | Nuon Chea
    អៀង សារី | Ieng Sary
    កឹម សុខា | Kem Sokha
    សម រង្ស៊ី | Sam Rainsy
    មូរ សុខហួរ | Mu Sochua
    ស៊ីន ស៊ីសាមុត | Sinn Sisamouth
    រស់ សេរីសុទ្ធា | Ros Serey Sothea
    ប៉ែន រ៉ន | Pan Ron
    នរោត្តម សីហនុ | Norodom Sihanouk
    នរោត្តម សីហមុនី | Norodom Sihamoni
    នរោត្តម រណឫទ្ធិ | Norodom Ranariddh
    ព្រាប សុវត្ថិ | Preap Sovath
    មាស សុខសោភា | Meas Soksophea
    ឆោម និមល | Chhom Nimol
    ឱក សុគន្ធកញ្ញា | Aok Sokunkanha
    ទេព វន្នី | Tep Vanny
    ប្រាក់ សុខុន | Prak Sokhonn
    អូន ព័ន្ធមុនីរ័ត្ន | Aun Pornmoniroth
    ហង់ ជួនណារ៉ុន | Hang Chuon Naron
    វង្សី វិស្សុត | Vongsey Vissoth
    នេត សាវឿន | Neth Savoeun
    ប៊ិន ឈិន | Bin Chhin
    យឹម ឆៃលី | Yim Chhaily
    គាត ឈន់ | Keat Chhon
    អឹម សិទ្ធី | Im Sethy
    វេង សាខុន | Veng Sakhon
    អ៊ុក រ៉ាប៊ុន | Ouk Rabun
    ជា សុផារ៉ា | Chea Sophara
    វណ្ណ ម៉ូលីវណ្ណ | Vann Molyvann
    ហាំង ងោ | Haing Ngor
    ប៉ាន់ រិទ្ធី | Panh Rithy
    ជុំ ម៉ី | Chum Mey
    អ៊ឹង លូង | Ung Loung
    ស៊ន សៀវម៉ី | Sorn Seavmey
    ឌិត ប្រន | Dith Pran
    លន់ នល់ | Lon Nol
    សុន សេន | Son Sen
    ចាន់ ស៊ី | Chan Sy
    ប៉ែន សុវណ្ណ | Pen Sovan
    អ៊ឹង ហួត | Ung Huot
    ប៊ុន រ៉ានី | Bun Rany
    កឹម ឡី | Kem Ley
    ជា វិជ្ជា | Chea Vichea
    ជា មុនី | Chea Mony
    ពេជ្រ ចន្ទមុន្នី | Pich Chanmony
    សូ ណារ៉ូ | So Naro
    ថោង ខុន | Thong Khon
    សាយ សំអាល់ | Say Samal
    ស៊ុន ចាន់ថុល | Sun Chanthol
    ចម ប្រសិទ្ធ | Cham Prasidh
    ប៉ាន សូរស័ក្តិ | Pan Sorasak
    អ៊ិត សំហេង | Ith Samheng
    ជា សេរីវុឌ្ឍ | Chea Serey Vuth
    ឃួង ស្រេង | Khuong Sreng
    ប៉ា សុជាតិវង្ស | Pa Socheatvong
    ញឹក ប៊ុនឆៃ | Nhek Bunchhay
    សុន ស៊ូប៊ែរ | Son Soubert
    គង់ គាំ | Kong Korm
    អេង ឆៃអ៊ាង | Eng Chhai Eang
    ហូរ វ៉ាន់ | Ho Vann
    យឹម សុវណ្ណ | Yim Sovann
"""
PUBLIC: Final = tuple(
    (khmer.strip(), latin.strip())
    for khmer, latin in (line.split("|") for line in _TEXT.strip().splitlines())
)
