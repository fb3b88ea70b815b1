"""Checks which labels the names of drawings give (lite_things.py)."""

import unittest

import lite_things
from lite_classes import all_names


class Things(unittest.TestCase):
    def test_words_stand_for_known_labels(self):
        rows = [line.split("\t") for line in lite_things.WORD_FILE.read_text(encoding="utf-8").splitlines()]
        unknown = {label for _, label in rows if label} - set(all_names("objects"))
        self.assertEqual(unknown, set())

    def test_the_longest_word_counts(self):
        self.assertEqual(lite_things.labels_in("hot dog"), ["hot dog"])
        self.assertEqual(lite_things.labels_in("corn dog bw"), ["food"])

    def test_a_word_is_whole(self):
        self.assertEqual(lite_things.labels_in("carpet catalogue"), [])
        self.assertEqual(lite_things.labels_in("Two Dogs"), ["dog"])

    def test_kinds_replace_their_hypernym(self):
        self.assertEqual(lite_things.of_clipart("food/fruit/banana_01"), ["banana"])
        self.assertEqual(lite_things.of_clipart("food/fruit/goneri_01"), ["fruit"])

    def test_icons_and_signs_show_nothing(self):
        self.assertEqual(lite_things.of_clipart("signs_and_symbols/flags/bear"), [])
        self.assertEqual(lite_things.of_emoji("cat face with tears of joy"), [])
        self.assertEqual(lite_things.of_emoji("cat face"), ["cat"])

    def test_copies_are_one_family(self):
        names = ("food/fruit/apple", "unsorted/apple_bw", "food/apple_02", "food/Apple1_bw")
        self.assertEqual(len({lite_things.family(name) for name in names}), 1)


if __name__ == "__main__":
    unittest.main()
