"""The parts of a chart by themselves: fonts, letters, places, words."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.charts import fonts, lettering
from backend.charts.cloud import place
from backend.charts.format import calm, number, percent, score, when
from backend.charts.look import PALETTES, Palette
from backend.charts.wire import DrawnWord

THEME = Path(__file__).parents[3] / "extension/ui/theme.css"
INK = "#123456"


def words(*terms: str) -> list[DrawnWord]:
    return [
        DrawnWord(term=term, count=1, weight=len(terms) - n, mean=0) for n, term in enumerate(terms)
    ]


def drawn(text: str, size: float = 40, weight: int = 600) -> Image.Image:
    image = Image.new("RGB", (600, 80), "#ffffff")
    lettering.put(image, text, (10, 55), size, weight, INK)
    return image


def ink(text: str) -> tuple[int, int, int, int]:
    grey = drawn(text).convert("L").point(lambda value: 255 - value)
    box = grey.getbbox()
    assert box is not None, text
    return box


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_popup(theme: str) -> None:
    pairs = {
        name.replace("-", "_"): (light, dark)
        for name, light, dark in re.findall(
            r"--([a-z-]+): light-dark\((#\w+), (#\w+)\)", THEME.read_text(encoding="utf-8")
        )
    }

    for name in Palette.__dataclass_fields__:
        assert getattr(PALETTES[theme], name) == pairs[name][theme == "dark"], name


def test_latin_is_set_in_the_popup_s_own_font_and_greek_in_another() -> None:
    latin, greek = lettering.runs("feel αβ", 400)

    assert latin.face
    assert latin.face.path.endswith("inter-latin.woff2")
    assert greek.face
    assert greek.face.path.endswith("DejaVuSans.ttf")


def test_a_heavier_weight_is_wider() -> None:
    assert lettering.width("weight", 40, 700) > lettering.width("weight", 40, 400)


def test_letters_are_as_wide_as_they_say() -> None:
    left, _, right, _ = ink("synthesizer")

    assert right - left == pytest.approx(lettering.width("synthesizer", 40, 600), abs=6)


@pytest.mark.skipif(fonts._picture_face() is None, reason="no font of coloured emoji is installed")
@pytest.mark.parametrize("emoji", ["😂", "❤\ufe0f", "👩\u200d🚀", "🇯🇵", "👍🏽", "✅"])
def test_an_emoji_is_one_coloured_picture(emoji: str) -> None:
    (run,) = lettering.runs(emoji, 600)
    left, top, right, bottom = ink(emoji)

    assert run.face
    assert run.face.pictures
    assert 30 < right - left < 60
    assert 30 < bottom - top < 60
    colours = drawn(emoji).getcolors(1 << 16) or []
    assert len([c for _, c in colours if isinstance(c, tuple) and max(c) - min(c) > 60]) > 20


@pytest.mark.skipif(fonts._picture_face() is None, reason="no font of coloured emoji is installed")
def test_digits_are_no_pictures_although_emoji_fonts_have_them() -> None:
    assert not any(run.face and run.face.pictures for run in lettering.runs("1967 #1 *©", 400))


def test_what_no_font_has_is_said_once_for_its_script(caplog: pytest.LogCaptureFixture) -> None:
    fonts._warned.clear()
    with caplog.at_level(logging.WARNING, "backend.charts.fonts"):
        assert not lettering.complete("a𐮀", 400)
        lettering.runs("𐮁𐮂 𐮃", 400)

    (record,) = caplog.records
    assert "PSALTER" in record.getMessage()
    assert "fonts-noto" in record.getMessage()


def test_a_mark_that_the_font_lacks_is_not_drawn_as_a_box() -> None:
    # A vowel sign of a script that is in no font, after a letter that is in every one.
    runs = lettering.runs("a\U00011d31", 400)

    assert [run.face is None for run in runs] == [False, True]


def test_the_same_words_get_the_same_places_in_whatever_order_they_come() -> None:
    given = words(*(f"word{n}" for n in range(40)))

    assert place(given, (700, 300)) == place(given[::-1], (700, 300))


def test_words_lie_in_the_picture_and_apart_the_first_largest_and_in_the_middle() -> None:
    placed = place(words(*(f"word{n}" for n in range(40))), (700, 300))

    assert len(placed) == 40
    first = placed[0]
    assert first.size == max(one.size for one in placed)
    width = lettering.width(first.word.term, first.size, 600)
    assert first.x + width / 2 == pytest.approx(350, abs=20)
    # With a border, so that what leaves the picture shows.
    covered = np.zeros((340, 740), dtype=np.uint8)
    for one in placed:
        image = Image.new("RGB", (740, 340))
        at = (one.x + 20, one.baseline + 20)
        lettering.put(image, one.word.term, at, one.size, 600, "#ffffff")
        covered += np.asarray(image)[:, :, 0] > 128
    assert covered.max() == 1, "no two words have a pixel in common"
    assert covered.sum() == covered[20:320, 20:720].sum()


def test_a_word_that_is_too_wide_is_left_out_alone() -> None:
    placed = place(words("W" * 22, "fits"), (120, 100))

    assert [one.word.term for one in placed] == ["fits"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("two\nlines\x00 and\ttabs", "two lines and tabs"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("z" + "\u0300" * 50, "z" + "\u0300" * 3),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("x" * 30, "x" * 19 + "…"),
        ("  ", ""),
    ],
)
def test_strangers_text_is_calmed(given: str, shown: str) -> None:
    assert calm(given, 20) == shown


def test_numbers_and_dates_are_written_as_people_read_them() -> None:
    moment = datetime(2026, 3, 2, 18, tzinfo=UTC)

    assert number(1234567) == "1,234,567"
    assert (percent(1, 3), percent(0, 0)) == ("33%", "0%")
    assert (score(0.314), score(-0.5), score(-0.001)) == ("+0.31", "\u22120.50", "0.00")
    assert [when(moment, bucket) for bucket in ("year", "month", "week", "day", "hour")] == [
        "2026", "Mar 2026", "2 Mar 2026", "2 Mar 2026", "2 Mar, 18:00",
    ]  # fmt: skip
