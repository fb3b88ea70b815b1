#!/usr/bin/env python3
"""Compares the hypernyms of a label file with WordNet's, or lists WordNet's for labels that have none.

    wordnet_hypernyms.py check FILE [--wordnet DIR]   is-a options that no sense of the words bears out
    wordnet_hypernyms.py list FILE [--wordnet DIR]    the chain of hypernyms of each label's senses

DIR holds WordNet's index.noun and data.noun (Debian: wordnet-base). A label file's hypernyms are everyday words of
our own, so that check's findings are to be looked at, not obeyed: "jewelry" is no word of WordNet's tree above "watch".
"""

import argparse
import re
import sys
from pathlib import Path

HYPERNYM_POINTERS = {"@", "@i"}
MAX_SENSES = 6


class Nouns:
    """WordNet's nouns: lemmas, the synsets of each in the order of their frequency, and their hypernyms."""

    def __init__(self, folder):
        self.senses = {}
        for line in (folder / "index.noun").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split()
            self.senses[fields[0]] = fields[-int(fields[2]):]
        self.lemmas = {}
        self.hypernyms = {}
        for line in (folder / "data.noun").read_text(encoding="utf-8").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split(" | ")[0].split()
            words = int(fields[3], 16)
            self.lemmas[fields[0]] = [fields[4 + 2 * i].lower() for i in range(words)]
            pointers = fields[5 + 2 * words:]
            self.hypernyms[fields[0]] = [
                pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] in HYPERNYM_POINTERS]

    def synsets(self, text):
        """The senses of the longest end of `text` that WordNet knows: "steam locomotive" else "locomotive"."""
        words = re.split(r"[ ]", text.lower().replace("'s ", " ").replace("-", "_"))
        for first in range(len(words)):
            lemma = "_".join(words[first:])
            for form in (lemma, lemma.replace("_", ""), lemma.rstrip("s")):
                if form in self.senses:
                    return self.senses[form][:MAX_SENSES]
        return []

    def above(self, synset):
        """All hypernyms of a synset, nearest first, with itself."""
        found = [synset]
        for at in found:
            found.extend(above for above in self.hypernyms[at] if above not in found)
        return found


def head_of(text):
    """What a phrase is about: "slice of toast" is toast, "bottle of glue" is a bottle."""
    parts = text.split(" of ")
    return [parts[0], parts[-1]] if len(parts) > 1 else [text]


def read_labels(path):
    """[(label, hypernym or None)] of a label file."""
    body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    labels = []
    for line in body.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split(" | ")]
        is_a = [field[len("is-a:"):].strip() for field in fields[1:] if field.startswith("is-a:")]
        labels.append((fields[0], is_a[0] if is_a else None))
    return labels


def bears_out(nouns, label, hypernym):
    """Whether a sense of `hypernym` lies above one of `label`."""
    wanted = {synset for part in head_of(hypernym) for synset in nouns.synsets(part)}
    return any(above in wanted for part in head_of(label) for synset in nouns.synsets(part)
               for above in nouns.above(synset))


def check(nouns, labels):
    edges = [(label, hypernym) for label, hypernym in labels if hypernym]
    doubtful = [edge for edge in edges if not bears_out(nouns, *edge)]
    for label, hypernym in doubtful:
        print(f"{label}  is-a  {hypernym}")
    print(f"{len(labels)} labels, {len(edges)} with a hypernym, {len(doubtful)} of these not WordNet's")


def list_chains(nouns, labels):
    for label, hypernym in labels:
        if hypernym:
            continue
        for synset in [synset for part in head_of(label) for synset in nouns.synsets(part)][:2]:
            print(label + ": " + " < ".join(nouns.lemmas[above][0] for above in nouns.above(synset)[:7]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["check", "list"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    arguments = parser.parse_args()
    if not (arguments.wordnet / "data.noun").exists():
        sys.exit(f"{arguments.wordnet}: no WordNet there; install wordnet-base, or name its folder with --wordnet")
    command = check if arguments.command == "check" else list_chains
    command(Nouns(arguments.wordnet), read_labels(arguments.file))


if __name__ == "__main__":
    main()
