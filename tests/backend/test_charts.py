"""Charts over real HTTP: what they are drawn from, what they show, what they refuse."""

from __future__ import annotations

import io
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from backend.charts.look import PALETTES
from backend.routes.charts import EXAMPLE
from tests.backend.client import Answer, Client
from tests.backend.conftest import problem

CHARTS = ["counts", "trend", "wordcloud"]
SVG = "{http://www.w3.org/2000/svg}"
REQUEST = {
    "video": {"id": "v", "title": "Synthesizers & <others>"},
    "comments": [
        {
            "id": f"c{n}",
            "text": "I love this synthesizer 🔥" if n % 3 else "This noise is terrible",
            "published_at": f"2026-0{1 + n % 5}-11T12:00:00Z",
        }
        for n in range(12)
    ],
}


def changed(**parts: object) -> dict[str, Any]:
    return {**EXAMPLE, **parts}


def image(answer: Answer) -> Image.Image:
    assert answer.status == 200, answer.body[:500]
    assert answer.media_type == "image/png"
    opened = Image.open(io.BytesIO(answer.body))
    opened.load()
    return opened


def words_of(answer: Answer) -> tuple[str, str, list[str]]:
    """Return the title, the description and the visible text of an SVG."""
    assert answer.status == 200, answer.body[:500]
    assert answer.media_type == "image/svg+xml"
    root = ET.fromstring(answer.body)
    told = [root.findtext(f"{SVG}{tag}") or "" for tag in ("title", "desc")]
    return told[0], told[1], ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_request_and_its_answer_give_the_same_picture(client: Client, chart: str) -> None:
    answer = client.post("/v1/analyze", REQUEST).json
    path = f"/v1/charts/{chart}.png"

    from_answer = client.post(path, answer)

    assert from_answer.body == client.post(path, REQUEST).body
    assert image(from_answer).size == (1600, 800)


@pytest.mark.parametrize("form", ["png", "svg"])
@pytest.mark.parametrize("chart", CHARTS)
def test_the_same_input_gives_the_same_bytes_also_at_once(
    client: Client, chart: str, form: str
) -> None:
    path = f"/v1/charts/{chart}.{form}"
    first = client.post(path, EXAMPLE).body

    with ThreadPoolExecutor(6) as pool:
        others = list(pool.map(lambda _: client.post(path, EXAMPLE).body, range(6)))

    assert set(others) == {first}


def test_the_counts_are_told_and_written(client: Client) -> None:
    title, told, written = words_of(client.post("/v1/charts/counts.svg", EXAMPLE))

    assert title == "A video"
    assert "Positive: 223 (60%), Neutral: 66 (18%), Negative: 80 (22%)" in told
    assert "Mean score +0.37" in told
    assert {"369", "comments", "60%", "223", "+0.37", "Negative"} <= set(written)


def test_the_trend_is_told_and_dated(client: Client) -> None:
    _, told, written = words_of(client.post("/v1/charts/trend.svg", EXAMPLE))

    assert "Jan 2026: +0.10; May 2026: +0.50" in told
    assert "in 5 months" in told
    assert {"Jan 2026", "May 2026", "+1", "0"} <= set(written)


def test_the_words_asked_for_are_drawn_the_weightiest_largest(client: Client) -> None:
    _, told, written = words_of(client.post("/v1/charts/wordcloud.svg", EXAMPLE))
    _, _, negative = words_of(client.post("/v1/charts/wordcloud.svg?words=negative", EXAMPLE))

    assert "great (48), synthesizer (31), 🔥 (24), noise (12)" in told
    assert {"great", "synthesizer", "🔥", "noise"} <= set(written)
    assert set(negative) == {"A video", "noise"}


def test_a_title_can_be_given_or_left_out(client: Client) -> None:
    path = "/v1/charts/counts.svg?title="

    assert words_of(client.post(path + "%3Cb%3E%20%26%20%E2%80%AEevil", EXAMPLE))[0] == "<b> & evil"
    assert "A video" not in words_of(client.post(path, EXAMPLE))[2]


def test_strangers_text_never_becomes_markup(client: Client) -> None:
    hostile = "<script>x</script>"
    words = {"term": hostile, "count": 1, "weight": 1, "mean": 0}
    body = changed(
        video={"title": f'{hostile}\x01" onload="x'}, words={**EXAMPLE["words"], "all": [words]}
    )

    root = ET.fromstring(client.post("/v1/charts/wordcloud.svg", body).body)

    assert not [part for part in root.iter() if part.tag.endswith("script")]
    assert hostile in ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_themes_are_those_of_the_popup(client: Client, theme: str) -> None:
    drawn = image(client.post(f"/v1/charts/counts.png?theme={theme}&scale=1", EXAMPLE))

    assert drawn.size == (800, 400)
    colours = {
        f"#{r:02x}{g:02x}{b:02x}"
        for _, (r, g, b) in drawn.getcolors(1 << 20) or []  # type: ignore[misc]
    }
    palette = PALETTES[theme]
    assert {palette.card, palette.negative, palette.neutral, palette.positive} <= colours
    assert drawn.getpixel((0, 0)) == tuple(bytes.fromhex(palette.card[1:]))


@pytest.mark.parametrize(
    ("chart", "parts", "said"),
    [
        ("counts", {"counts": {"negative": 0, "neutral": 0, "positive": 0}}, "No comments to count"),
        ("trend", {"trend": []}, "No comment has a date"),
        ("wordcloud", {"words": None}, "No words stand out here"),
        (
            "wordcloud",
            {"words": {"all": [], "negative": [], "neutral": [], "positive": []}},
            "No words stand out here",
        ),
    ],
)
def test_an_empty_analysis_gives_a_picture_that_says_so(
    client: Client, chart: str, parts: dict[str, Any], said: str
) -> None:
    _, told, written = words_of(client.post(f"/v1/charts/{chart}.svg", changed(**parts)))
    drawn = image(client.post(f"/v1/charts/{chart}.png?scale=1", changed(**parts)))

    assert (told, said in written) == (said, True)
    assert len(drawn.getcolors(1 << 20) or []) > 2


def test_what_no_font_has_is_left_out_and_named(client: Client) -> None:
    # A script that is in Unicode, and in no font that a computer comes with.
    words = [{"term": term, "count": 1, "weight": 1, "mean": 0} for term in ("great", "𐮀𐮁", "a𐮀")]
    body = changed(words={**EXAMPLE["words"], "all": words})

    png = client.post("/v1/charts/wordcloud.png", body)

    assert png.headers["X-Undertone-Left-Out"] == "a%F0%90%AE%80,%F0%90%AE%80%F0%90%AE%81"
    known = changed(words={**EXAMPLE["words"], "all": words[:1]})
    assert "X-Undertone-Left-Out" not in client.post("/v1/charts/wordcloud.png", known).headers
    svg = client.post("/v1/charts/wordcloud.svg", body)
    assert "X-Undertone-Left-Out" not in svg.headers
    assert {"great", "𐮀𐮁", "a𐮀"} <= set(words_of(svg)[2]), "the viewer's fonts may have it"


@pytest.mark.parametrize(
    ("query", "field", "limit"),
    [
        ("width=1201", "width", 1200),
        ("width=12e9", "width", None),
        ("height=1", "height", 240),
        ("scale=3", "scale", 2),
        ("scale=%D9%A2", "scale", None),
        ("theme=sepia", "theme", "'light' or 'dark'"),
        ("colour=red", "colour", None),
        ("title=" + "x" * 301, "title", 300),
        ("title=%00", "title", None),
    ],
)
def test_a_bad_option_is_named_with_its_limit(
    client: Client, query: str, field: str, limit: object
) -> None:
    document = problem(client.post(f"/v1/charts/counts.png?{query}", EXAMPLE), 422)

    (error,) = document["errors"]
    assert (error["field"], error.get("limit")) == (field, limit)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "counts"),
        ([], "body"),
        (changed(counts={"negative": -1, "neutral": 0, "positive": 0}), "counts.negative"),
        (changed(counts={"negative": 10**30, "neutral": 0, "positive": 0}), "counts.negative"),
        (changed(trend=EXAMPLE["trend"][::-1]), "trend"),
        (changed(trend=[{**EXAMPLE["trend"][0], "start": "0001-01-01T00:00:00Z"}]), "trend.0.start"),
        (changed(trend=[{**EXAMPLE["trend"][0], "mean": 7}]), "trend.0.mean"),
        (changed(trend=EXAMPLE["trend"][:1] * 5000), "trend"),
        (changed(words={**EXAMPLE["words"], "all": EXAMPLE["words"]["all"] * 51}), "words.all"),
        ({**REQUEST, "comments": []}, "comments"),
        ({**REQUEST, "comments": ["x"]}, "comments.0"),
    ],
    ids=str,
)
def test_a_bad_body_is_named_by_its_field(client: Client, body: object, field: str) -> None:
    document = problem(client.post("/v1/charts/counts.png", body), 422)

    assert document["errors"][0]["field"] == field


def test_what_an_answer_has_beside_what_is_drawn_is_not_minded(client: Client) -> None:
    body = changed(predictions=[1, 2], newer={"than": "this"})

    plain = client.post("/v1/charts/counts.svg", EXAMPLE).body

    assert client.post("/v1/charts/counts.svg", body).body == plain


def test_only_the_charts_of_the_contract_exist(client: Client) -> None:
    problem(client.post("/v1/charts/pie.png", EXAMPLE), 404)
    problem(client.post("/v1/charts/counts.gif", EXAMPLE), 404)
    problem(client.get("/v1/charts/counts.png"), 405)


def test_matplotlib_is_imported_with_the_first_picture() -> None:
    code = (
        "import sys\n"
        "from backend import create_app\n"
        "from backend.routes.charts import EXAMPLE\n"
        "client = create_app().test_client()\n"
        "assert not {'matplotlib', 'wordcloud', 'PIL'} & set(sys.modules)\n"
        "assert client.post('/v1/charts/wordcloud.png', json=EXAMPLE).status_code == 200\n"
        "assert {'matplotlib', 'wordcloud', 'PIL'} <= set(sys.modules)\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=120)
