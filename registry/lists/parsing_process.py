"""A process that parses rows for another one, for as long as that one lives.

It reads a question, writes its answer, and ends with its input: when whoever asks is gone, however
that went, there is nothing more to read.
"""

import pickle
import sys

from registry.lists.parsing import parse_packed


def main() -> None:
    """Answer until there are no more questions."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            head, packs = pickle.load(questions)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        pickle.dump(parse_packed(head, packs), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
