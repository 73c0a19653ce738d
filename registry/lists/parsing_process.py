"""A process that parses rows for another one, for as long as that one lives.

It reads what to know of the list, then question after question, writes its answers, and ends with
its input: when whoever asks is gone, however that went, there is nothing more to read.
"""

import gc
import pickle
import sys

from registry.lists.parsing import ALLOCATIONS, ListParser


def main() -> None:
    """Answer until there are no more questions."""
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    parser = ListParser(pickle.load(questions))  # noqa: S301 - from the process that started this one
    while True:
        try:
            packs = pickle.load(questions)  # noqa: S301 - as above
        except EOFError:
            return
        pickle.dump(parser.parse_packed(packs), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
