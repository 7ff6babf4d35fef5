"""Each reader on a small file in the format of its set, and on files that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.sources import FORMATS, TABLE, SourceError, read_sources, read_table, titled_test_sets

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def read(source: str, tmp_path: Path, **files: str) -> list[tuple[str, ...]]:
    """Return what the reader makes of `files`, named by a part of the set's own file names."""
    paths = {}
    for part, content in files.items():
        name = next(name for name in read_sources()[source].files if part in name)
        paths[name] = tmp_path / part
        paths[name].write_text(content, encoding="utf-8")
    frame = FORMATS[source](paths)
    return list(frame.itertuples(index=False, name=None))


def test_semeval_is_unquoted_and_its_test_year_is_kept_apart(tmp_path: Path) -> None:
    rows = read(
        "semeval",
        tmp_path,
        **{
            "2013train": '1\tpositive\t"He said ""wow"" &amp; left"\n2\tneutral\tIt\\u2019s on\n',
            "SemEval2017": "3\tnegative\tno\n",
        },
    )

    assert rows == [
        ('He said "wow" & left', "positive", "train", "tweet 1"),
        ("It’s on", "neutral", "train", "tweet 2"),
        ("no", "negative", "test", "tweet 3"),
    ]


def test_goemotions_groups_emotions_and_drops_what_is_mixed(tmp_path: Path) -> None:
    rows = read(
        "goemotions",
        tmp_path,
        labels="admiration\nanger\nsurprise\nneutral\njoy\n",
        train="lovely\t0,4\tid1\nmixed\t0,1\tid2\nwhat\t2\tid3\n",
        test="so what\t3\tid4\n",
    )

    assert rows == [
        ("lovely", "positive", "train", "reddit id1"),
        ("so what", "neutral", "test", "reddit id4"),
    ]


def test_youtube_gpt_reads_several_lines_in_quotes(tmp_path: Path) -> None:
    content = 'Author,Comment,label\nann,"two\nlines",Positive\nbob,unlabelled,\n'

    assert read("youtube_gpt", tmp_path, daily=content) == [
        ("two\nlines", "positive", "train", "author ann")
    ]


def test_youtube_people_drops_several_labels_and_mojibake(tmp_path: Path) -> None:
    content = (
        "Comments,Positive,Neutral,Negative\n"
        "nice,1,0,0\nboth,1,1,0\nnone,0,0,0\nitâ€™s,0,0,1\nbad,0,0,1\n"
    )

    assert read("youtube_people", tmp_path, labeled=content) == [
        ("nice", "positive", "test", "row 0"),
        ("bad", "negative", "test", "row 4"),
    ]


@pytest.mark.parametrize(
    ("source", "part", "content", "complaint"),
    [
        ("semeval", "2013train", "", "holds no row"),
        ("semeval", "2013train", "1\tpositive\n", "row 1 has 2 columns, expected 3"),
        ("semeval", "2013train", "1\tjoyful\tyes\n", "unknown labels: joyful"),
        (
            "youtube_gpt",
            "daily",
            'Author,Comment,label\na,"b"c,positive\n',
            "after line 1: ','",
        ),
        ("youtube_gpt", "daily", 'Author,Comment,label\na,"open,positive\n', "unexpected end"),
        ("youtube_gpt", "daily", "Author,Text,label\na,b,positive\n", "lacks the columns Comment"),
        ("youtube_statistics", "comments", "Video ID,Comment,Sentiment\nv,c,7\n", "unknown labels: 7"),
    ],
)
def test_a_broken_file_is_an_error_that_says_where(
    tmp_path: Path, source: str, part: str, content: str, complaint: str
) -> None:
    with pytest.raises(SourceError, match=complaint):
        read(source, tmp_path, **{part: content})


def test_a_file_in_another_encoding_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_bytes("Author,Comment,label\na,café,positive\n".encode("latin-1"))

    with pytest.raises(SourceError, match=r"daily\.csv is not UTF-8"):
        FORMATS["youtube_gpt"]({"daily.csv": path})


def test_the_set_that_a_lexicon_labelled_is_only_a_reference(tmp_path: Path) -> None:
    path = tmp_path / "reddit.csv"
    path.write_text("clean_comment,category\nnice one,1\nso what,0\n,0\nbad,-1\n", encoding="utf-8")

    frame = FORMATS["reddit_textblob"]({"reddit.csv": path})

    assert frame["label"].tolist() == ["positive", "neutral", "negative"]
    assert read_table().sources["reddit_textblob"].role == "reference"
    assert "reddit_textblob" not in read_sources()


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("format: semeval", "format: tweets", "semeval.format: tweets is not one of"),
        ("trust: 3", "trust: 9", "semeval.trust"),
        ("licence:", "license:", "semeval.license"),
        ("sources:", "sets:", "can't be read"),
    ],
)
def test_a_table_that_makes_no_sense_is_an_error_that_names_the_key(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(TABLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(SourceError, match=named):
        read_table(path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside this checkout")
@pytest.mark.parametrize("source", read_table().sources)
def test_the_real_sets_are_read(source: str) -> None:
    frame = read_table().sources[source].read(SHARED / "raw.githubusercontent.com")

    assert set(frame["label"]) == {"negative", "neutral", "positive"}
    assert ("test" in set(frame["split"])) == (source in titled_test_sets())
