"""The grammar and the split, with nothing but the standard library."""

import itertools
import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import world  # noqa: E402

COMBINATIONS = list(itertools.product(range(12), range(12), range(6)))


class Captions(unittest.TestCase):
    def test_are_made_of_known_words_and_fit(self):
        draw = random.Random(0)
        for _ in range(2000):
            text = world.caption(world.sample_attributes(draw), draw)
            self.assertNotIn(world.UNKNOWN, world.tokenize(text), text)
            self.assertLessEqual(len(text.split()) + 2, world.MAX_TOKENS, text)

    def test_canonical_ones_tell_all_attributes_apart(self):
        texts = {
            world.canonical_caption(world.Attributes(k, m, g, time, style))
            for (k, m, g), time, style in itertools.product(COMBINATIONS, range(3), range(3))
        }
        self.assertEqual(len(texts), len(COMBINATIONS) * 9)

    def test_unknown_words_are_marked(self):
        self.assertIn(world.UNKNOWN, world.tokenize("a photo of a zebra"))


class HeldOutCombinations(unittest.TestCase):
    def test_every_kind_on_every_ground_lacks_one_material(self):
        for kind, ground in itertools.product(range(12), range(6)):
            lacking = [m for m in range(12) if world.is_held_out((kind, m, ground))]
            self.assertEqual(len(lacking), 1)

    def test_every_material_of_a_kind_is_known_from_other_grounds(self):
        for kind, material in itertools.product(range(12), range(12)):
            self.assertTrue(any(not world.is_held_out((kind, material, g)) for g in range(6)))


class NaturalLooks(unittest.TestCase):
    def test_name_kinds_and_colours_of_the_world(self):
        for kind, material in world.NATURAL_LOOKS_LIKE.items():
            self.assertIn(kind, world.KINDS)
            self.assertIn(material, world.MATERIALS[1:])


if __name__ == "__main__":
    unittest.main()
