"""Short sentences about every object and place of lite's label sets, which captions alone hardly speak of."""

import numpy as np

from label_sets import fill, read_label_set

# {a} {label} is filled by the label and its article, {there} by "at the beach", "in the kitchen" and so on.
OBJECT_FRAMES = (
    "{a} {label}.", "A photo of {a} {label}.", "A close-up of {a} {label}.", "A picture of {a} {label}.",
    "There is {a} {label} in this picture.", "The picture shows {a} {label}.", "{a} {label} on a white background.",
    "{a} {label} on a table.", "{a} {label} in the grass.", "{a} {label} {there}.", "A photo of {a} {label} {there}.",
    "There is {a} {label} {there}.", "Somebody is holding {a} {label}.", "{a} {label} seen from the side.",
    "A large {label}.", "A small {label}.", "{a} {label} and {other}.",
)  # fmt: skip
PLACE_FRAMES = (
    "{a} {label}.", "A photo of {a} {label}.", "A view of {a} {label}.", "A picture of {a} {label}.",
    "The picture shows {a} {label}.", "An empty {label}.", "{a} {label} with {other}.", "{a} {label} with nobody in it.",
    "The inside of {a} {label}.", "{a} {label} by day.", "{a} {label} at night.", "{a} {label} seen from afar.",
)  # fmt: skip
MEDIUM_FRAMES = ("{medium} of {other}.", "{medium} that shows {other}.", "This is {medium} of {other}.")
ROUNDS = {"objects": 10, "places": 60, "medium": 200}  # sentences about each label
ARTICLES = ("a", "a", "the")


def sentence(text):
    return text[0].upper() + text[1:]


def frames(labels, seed=1):
    """Sentences about the labels of lite's sets in the folder `labels`, each once."""
    rng = np.random.default_rng(seed)
    sets = {name: read_label_set(labels / f"{name}.txt") for name in ROUNDS}

    def noun(name, index):
        return sets[name].text(index, f"{ARTICLES[rng.integers(len(ARTICLES))]} {{label}}" if rng.random() < 0.2 else "{a} {label}")

    def drawn(name):
        return noun(name, int(rng.integers(len(sets[name].labels))))

    result = []
    for name, templates in (("objects", OBJECT_FRAMES), ("places", PLACE_FRAMES), ("medium", MEDIUM_FRAMES)):
        for index in range(len(sets[name].labels)):
            for _ in range(ROUNDS[name]):
                template = templates[int(rng.integers(len(templates)))]
                template = template.replace("{there}", f"in {drawn('places')}").replace("{other}", drawn("objects"))
                if "{medium}" in template:
                    text = template.replace("{medium}", fill("{a} {label}", sets[name].labels[index]))
                else:
                    text = sets[name].text(index, template)
                result.append(sentence(text))
    return list(dict.fromkeys(result))
