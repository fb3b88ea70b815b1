"""Checks the names that lite is taught: every class has one, and kinds form a forest."""

import unittest

from label_sets import read_class_labels
from lite_classes import LABELLED, all_names, ancestors, hypernyms, is_kind_of
from make_lite_labels import objects_and_places


class LiteClasses(unittest.TestCase):
    def test_every_class_of_the_tower_has_a_name(self):
        classes = read_class_labels("imagenet")
        self.assertEqual(len(classes), 1000)
        self.assertEqual(list(classes), sorted(classes))  # the order of the classifier's rows

    def test_kinds_form_a_forest(self):
        for category in ("objects", "places"):
            for name in all_names(category):
                chain = [name, *ancestors(category, name)]
                self.assertEqual(len(chain), len(set(chain)), chain)
                self.assertLessEqual(len(chain), 5, chain)

    def test_a_hypernym_has_kinds_and_no_name_is_empty(self):
        for category in ("objects", "places"):
            for name, parent in hypernyms(category).items():
                self.assertTrue(is_kind_of(category, name, parent))
                self.assertFalse(is_kind_of(category, parent, name))
        for category in LABELLED:
            self.assertTrue(all(name == name.strip() and name for name in all_names(category)))

    def test_a_name_is_an_object_or_a_place(self):
        objects, places = objects_and_places()
        self.assertFalse(set(objects) & set(places))


if __name__ == "__main__":
    unittest.main()
