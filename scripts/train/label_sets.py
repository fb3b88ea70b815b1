"""Reads label set files (labels/*.txt) and the class lists that map data set classes to labels."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class LabelSet:
    """One label file. `match_texts[i]` of label i fills the match templates, `articles[i]` may override a/an."""

    name: str
    templates: list = field(default_factory=list)
    negatives: list = field(default_factory=list)
    labels: list = field(default_factory=list)
    match_texts: list = field(default_factory=list)
    articles: list = field(default_factory=list)

    def text(self, index, template):
        """The match text of label `index` under `template`."""
        return fill(template, self.match_texts[index], self.articles[index])


def fill(template, text, article=None):
    """Puts `text` and its article (a/an by its first letter if None, "none" for no article) into a template."""
    if article == "none":
        return template.replace("{a} ", "").replace("{label}", text)
    if article is None:
        article = "an" if text[0].lower() in "aeiou" else "a"
    return template.replace("{a}", article).replace("{label}", text)


def read_label_set(path):
    path = Path(path)
    result = LabelSet(path.stem)
    statement, in_header = None, True
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line == "---":
            in_header = False
        elif in_header:
            key, value = (part.strip() for part in line.split(":", 1))
            if key == "match":
                result.templates.append(value)
            elif key == "negative":
                result.negatives.append(value)
            elif key == "statement":
                statement = value
        else:
            label, *options = (part.strip() for part in line.split(" | "))
            option = dict((part.strip() for part in item.split(":", 1)) for item in options)
            result.labels.append(label)
            result.match_texts.append(option.get("match", label))
            result.articles.append(option.get("article"))
    if not result.templates:
        result.templates.append(statement)
    return result


def read_label_folder(folder):
    """All sets of a folder, by name."""
    return {path.stem: read_label_set(path) for path in sorted(Path(folder).glob("*.txt"))}


def read_class_labels(name):
    """classes/NAME.tsv as {class: label}."""
    path = Path(__file__).parent / "classes" / f"{name}.tsv"
    return dict(line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines())


def read_classes(name, label_set):
    """classes/NAME.tsv as {class: index of its label in `label_set`}."""
    index = {label: number for number, label in enumerate(label_set.labels)}
    return {name_of_class: index[label] for name_of_class, label in read_class_labels(name).items()}
