"""Corpus BLEU-4 and CIDEr-D of captions, with nothing but the standard library.

Both take `candidates`, one text per image, and `references`, a list of texts per image, and return percent as papers
print it. Texts are cut by `words`: lower case, no punctuation, `'s` a word of its own, hyphens inside a word kept.
Published numbers use the Penn Treebank tokenizer of coco-caption, which also splits `don't` into `do n't`, keeps
`&` and decimal points, and knows abbreviations; on plain captions the two differ in few words.
"""

import math
import re
from collections import Counter

LONGEST = 4  # words of an n-gram
SIGMA = 6.0  # of CIDEr-D's length penalty
WORD = re.compile(r"'s\b|[^\W_]+(?:-[^\W_]+)*")


def words(text):
    return WORD.findall(text.lower())


def ngrams(tokens, n):
    """{n-gram: how often}."""
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def bleu4(candidates, references):
    """Papineni et al. 2002 over the whole corpus.

    BLEU = exp(min(0, 1 - r/c)) * (p1 p2 p3 p4)^(1/4): p_n is the share of candidate n-grams that stand in a reference,
    each at most as often as in the reference that has it most often; c is the length of all candidates, r that of the
    references closest in length (the shorter of two equally close).
    """
    matched, proposed = [0] * LONGEST, [0] * LONGEST
    candidate_length = reference_length = 0
    for candidate, group in zip(candidates, references):
        tokens, group = words(candidate), [words(reference) for reference in group]
        candidate_length += len(tokens)
        reference_length += min((len(reference) for reference in group), key=lambda n: (abs(n - len(tokens)), n))
        for n in range(1, LONGEST + 1):
            most = Counter()
            for reference in group:
                most |= ngrams(reference, n)
            own = ngrams(tokens, n)
            matched[n - 1] += sum((own & most).values())
            proposed[n - 1] += sum(own.values())
    if min(matched) == 0:
        return 0.0
    precision = math.exp(sum(math.log(m / p) for m, p in zip(matched, proposed)) / LONGEST)
    return 100 * precision * math.exp(min(0.0, 1 - reference_length / candidate_length))


def cider_d(candidates, references):
    """Vedantam et al. 2015, CIDEr-D: the mean over images, references and n = 1..4 of

    10 * exp(-(l_c - l_r)^2 / (2 sigma^2)) * sum_w min(g_c(w), g_r(w)) g_r(w) / (|g_c| |g_r|)

    with g(w) = (count of n-gram w) * ln(images / images with w in a reference), l the number of words.
    """
    groups = [[words(reference) for reference in group] for group in references]
    frequency = Counter()
    for group in groups:
        frequency.update({gram for tokens in group for n in range(1, LONGEST + 1) for gram in ngrams(tokens, n)})

    def weighted(tokens, n):
        grams = ngrams(tokens, n)
        return {gram: count * math.log(len(groups) / max(1, frequency[gram])) for gram, count in grams.items()}

    def similarity(own, other):
        lengths = math.hypot(*own.values()) * math.hypot(*other.values())
        common = sum(min(value, other[gram]) * other[gram] for gram, value in own.items() if gram in other)
        return common / lengths if lengths > 0 else 0.0

    total = 0.0
    for candidate, group in zip(candidates, groups):
        tokens = words(candidate)
        own = [weighted(tokens, n) for n in range(1, LONGEST + 1)]
        for reference in group:
            penalty = math.exp(-((len(tokens) - len(reference)) ** 2) / (2 * SIGMA**2))
            similarities = (similarity(own[n - 1], weighted(reference, n)) for n in range(1, LONGEST + 1))
            total += penalty * sum(similarities) / LONGEST / len(group)
    return 100 * 10 * total / len(groups)
