"""Videos with comments that nobody wrote: made from sentences of our own by a seeded generator.

Knows what people say under videos, how YouTube prints likes and dates, and what the backend should
be sent for them. Knows nothing of browsers or of the extension.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

UNIT_SECONDS = {
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_800,
    "year": 31_557_600,
}

POSITIVE = (
    "This is the best {thing} I have seen all year, thank you so much {happy}",
    "I love how patiently you explain the {part}, beautiful work",
    "Came for the {part}, stayed for the {thing}. Absolutely wonderful {happy}",
    "My daughter and I watched this twice, she is so happy now {happy}",
    "The moment the {part} came alive gave me goosebumps. Amazing!",
    "Finally a channel that respects my time. Great {thing}, subscribed",
    "You deserve a million subscribers, this {thing} is a masterpiece",
    "I fixed my grandfather's radio thanks to this {thing}. He cried. Thank you {happy}",
    "What a calm and lovely voice, perfect way to end my day",
    "Brilliant. The restoration of the {part} is just gorgeous",
    "Fantastic sound, I am so impressed by the {part}!",
    "Best 20 minutes of my week, please never stop making these {happy}",
    "So satisfying to watch, excellent camera work and great music",
)
NEUTRAL = (
    "What is the model number of the {part} at {time}?",
    "Which software do you use for the schematics?",
    "{time} is where the {part} starts",
    "Is there a parts list for this {thing}?",
    "The original had two {part}s and came out in 1967",
    "Does anybody know the song at {time}?",
    "Watching this from Portugal on a train",
    "Part two comes out on Friday according to the community tab",
    "He says in the description that the {part} is from an auction",
    "Can this be done with a 12 volt {part} as well?",
    "I have the same {part} in my basement",
)
NEGATIVE = (
    "The music is so loud that I can't hear a word, terrible mix {sad}",
    "Way too many ads, I gave up at {time}. Really annoying",
    "Sorry but the {part} still sounds awful {sad}",
    "What a waste of a good {part}, you ruined it",
    "The title is misleading, nothing here is rebuilt. Disappointing {thing}",
    "I hate the shaky camera, it makes me sick {sad}",
    "This is wrong and dangerous, please don't touch a {part} like that",
    "Boring. Twenty minutes of talking and the {part} doesn't even work",
    "The worst {thing} you have made so far, so disappointed {sad}",
    "Stop begging for subscribers every two minutes, it's horrible",
)
MIXED = (
    "Great {thing} but the sponsor in the middle is really annoying",
    "I hated the first half, the ending with the {part} was lovely though",
    "Beautiful {part}, terrible audio. Please buy a better microphone",
)
REPLIES = {
    "positive": (
        "Same here, loved it {happy}",
        "Thank you, that is so kind!",
        "Totally agree, great work",
    ),
    "neutral": ("It is in the description", "The blue one, from 1971", "At {time} he says so"),
    "negative": (
        "No, that is simply wrong",
        "Awful advice, don't do that {sad}",
        "I disagree, it was boring",
    ),
}
SLOTS = {
    "thing": ("video", "build", "restoration", "tutorial", "episode", "project"),
    "part": (
        "oscillator",
        "filter",
        "keyboard",
        "power supply",
        "speaker",
        "circuit board",
        "tape echo",
    ),
    "happy": ("❤️", "😍", "🔥🔥", "👏🏽", "😊", "", ""),
    "sad": ("😡", "😞", "👎", "", ""),
    "time": ("2:14", "7:40", "11:05", "14:32", "18:09"),
}
FIRST = ("quiet", "copper", "marble", "north", "velvet", "lucky", "paper", "silver", "tiny", "late")
SECOND = ("harbour", "fox", "circuit", "violet", "walker", "sparrow", "engine", "lemon", "tide", "owl")


@dataclass(frozen=True)
class Comment:
    """A comment: what YouTube shows of it, and what that means."""

    id: str
    text: str
    author: str = "@someone"
    likes: int = 0
    likes_shown: str = ""
    published: str = "2 weeks ago"
    age: tuple[int, str] = (2, "week")
    pinned: bool = False
    hearted: bool = False
    by_owner: bool = False
    replies: tuple[Comment, ...] = ()

    def sent(self, now: datetime, reply_to: str | None = None) -> dict[str, Any]:
        """Return what the backend should be sent for this comment, read at `now`."""
        amount, unit = self.age
        middle = now.timestamp() - (amount + 0.5) * UNIT_SECONDS[unit]
        # Half of a surrogate pair becomes the replacement character.
        well_formed = self.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return {
            "id": self.id,
            "text": well_formed.replace("\0", "").strip(),
            "author": self.author,
            "likes": self.likes,
            "published_at": datetime.fromtimestamp(middle, now.tzinfo).isoformat(),
            "published_at_width": UNIT_SECONDS[unit],
            **({"reply_to": reply_to} if reply_to else {}),
            **({"pinned": True} if self.pinned else {}),
            **({"hearted": True} if self.hearted else {}),
        }


@dataclass(frozen=True)
class Video:
    """A video as the page shows it. A batch of comments takes `delay` milliseconds to come."""

    id: str
    title: str = "A video"
    channel: str = "A channel"
    comments: tuple[Comment, ...] = ()
    announced: str | None = None
    comments_off: bool = False
    language: str = "en"
    delay: int = 20
    stalls_after: int | None = None
    next: str | None = None
    shape: str | None = None
    """In which the page's own requests are answered: entities, renderers, unknown; None: not at all."""
    statuses: Mapping[int, int] = field(default_factory=dict)
    """HTTP statuses of those requests that fail, by their number."""
    chat: Callable[[], Mapping[str, Any]] | None = None
    """What the frame of its chat shows when it is opened, see `chats.py`."""

    @property
    def total(self) -> int:
        """Return the number of comments, replies included, as YouTube counts them."""
        return len(self.comments) + sum(len(comment.replies) for comment in self.comments)

    def sent(self, now: datetime) -> Iterator[dict[str, Any]]:
        """Yield each comment as the backend should get it: the threads first, then their replies."""
        yield from (comment.sent(now) for comment in self.comments)
        for comment in self.comments:
            yield from (reply.sent(now, reply_to=comment.id) for reply in comment.replies)

    def as_json(self) -> dict[str, Any]:
        """Return what the page's script reads."""
        return asdict(self) | {"announced": self.count_text, "chat": self.chat and self.chat()}

    @property
    def count_text(self) -> str:
        """Return how many comments YouTube says there are."""
        return self.announced or f"{self.total:,} Comments"


def likes_in_english(likes: int) -> str:
    """Return `likes` as YouTube prints them, nothing for none."""
    if likes < 1000:
        return str(likes) if likes else " "
    return f"{likes / 1000:.1f}K" if likes < 10_000 else f"{likes // 1000}K"


class Crowd:
    """Writes comments; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._written = 0

    def comment(
        self,
        sentences: Sequence[str],
        oldest: int = 8,
        *,
        early: bool = False,
        reply_to: str = "",
        popular: bool = True,
    ) -> Comment:
        """Return one of `sentences`, up to `oldest` months old, or nearer to that if `early`."""
        draw = self._random
        text = draw.choice(sentences).format(**{name: draw.choice(of) for name, of in SLOTS.items()})
        likes = int(draw.paretovariate(0.7)) - 1 if popular else draw.randrange(4)
        likes = likes if likes < 1000 else min(likes, 48_000) // 1000 * 1000
        months = max(draw.randint(1, oldest) for _ in range(2 if early else 1))
        amount, unit = draw.choice([(months, "month")] * 5 + [(draw.randint(1, 3), "week"), (2, "day")])
        self._written += 1
        own = f"Ug{draw.getrandbits(60):015x}{self._written:04d}AaABAg"
        edited = " (edited)" if draw.random() < 0.06 else ""
        return Comment(
            id=f"{reply_to}.{own[2:]}" if reply_to else own,
            text=text.strip(),
            author=f"@{draw.choice(FIRST)}{draw.choice(SECOND)}{draw.randrange(10, 9999)}",
            likes=likes,
            likes_shown=likes_in_english(likes),
            published=f"{amount} {unit}{'s' if amount > 1 else ''} ago{edited}",
            age=(amount, unit),
            hearted=draw.random() < 0.05,
        )

    def thread(self, sentences: Sequence[str], oldest: int, replies: int) -> Comment:
        """Return a comment with `replies` answers of all kinds."""
        head = self.comment(sentences, oldest)
        answers = (
            self.comment(
                self._random.choice(list(REPLIES.values())), 2, reply_to=head.id, popular=False
            )
            for _ in range(replies)
        )
        return replace(head, replies=tuple(answers))

    def section(self, count: int, weights: Sequence[float], threads: int = 0) -> tuple[Comment, ...]:
        """Return `count` comments: positive, neutral, negative and mixed ones by `weights`.

        The negative ones are mostly from the first months, so that the feeling changes over time.
        """
        kinds = self._random.choices((POSITIVE, NEUTRAL, NEGATIVE, MIXED), weights, k=count)
        written = [self.comment(kind, early=kind is NEGATIVE) for kind in kinds]
        for place in range(threads):
            written[place * 3] = self.thread(kinds[place * 3], 6, replies=2 + place % 3 * 6)
        return tuple(written)


def _long_video() -> Video:
    crowd = Crowd(seed=7)
    comments = crowd.section(320, (56, 20, 18, 6), threads=6)
    pinned = replace(
        crowd.comment(("Part two is out on Friday. Thank you all for the kind words ❤️",)),
        author="@slowworkshop",
        pinned=True,
        by_owner=True,
    )
    return Video(
        id="synth1967aa",
        title="I rebuilt a 1967 synthesizer from a box of scrap",
        channel="Slow Workshop",
        comments=(pinned, *comments),
        next="aftermath22",
    )


LONG = _long_video()
SECOND_VIDEO = Video(
    id="aftermath22",
    title="Why I had to take the synthesizer apart again",
    channel="Slow Workshop",
    comments=Crowd(seed=11).section(45, (15, 25, 55, 5)),
)
SHORT = Video(id="shortshort1", comments=Crowd(seed=3).section(30, (40, 30, 30, 0)))
THREADS = Video(
    id="threads1111",
    comments=Crowd(seed=5).section(12, (40, 30, 30, 0), threads=3),
    next=SECOND_VIDEO.id,
)
SLOW = replace(LONG, id="slowslow111", delay=600)
STALLING = replace(SHORT, id="stalls11111", stalls_after=20)
SILENT = replace(SHORT, id="silent11111", stalls_after=0)
OFF = Video(id="commentsoff", comments_off=True)
EMPTY = Video(id="nocomments1", announced="0 Comments")
UNREADABLE = Video(id="unreadable1", announced="1,240 Comments")

PWN = "window.__pwned = true; alert(1)"
HOSTILE = Video(
    id="hostile1111",
    title=f"<img src=x onerror='{PWN}'> \u202e sdrawkcab",
    channel=f"<script>{PWN}</script>",
    comments=tuple(
        Comment(id=f"UgHostile{place:03d}AaABAg", text=text, author=author, likes=9, likes_shown="9")
        for place, (text, author) in enumerate(
            (
                (f'I love this <img src=x onerror="{PWN}">', "@image"),
                (f"I hate this <script>{PWN}</script>", f"<svg onload='{PWN}'>"),
                (f'"><svg/onload="{PWN}"> awful, terrible, the worst', "@svg"),
                ("\u202e\u202e\u202esdrawkcab si siht evol I \u2067 wonderful", "\u202eelttil"),
                ("I love it " + "a" * 10_000, "@" + "w" * 280),
                ("terrible " * 1_200, "@manywords"),
                ("Z" + "\u0301\u0302\u0303\u0304" * 200 + " beautiful, thank you", "@zalgo"),
                ("great\0 video, love\0 it", "@nul"),
                ("what an awful half \ud83d of an emoji, hate it", "@surrogate"),
                ("أحب هذا الفيديو كثيرا", "@rtl"),
                (f"{{{{constructor.constructor('{PWN}')()}}}} ${{{PWN}}} great", "@template"),
                (f"javascript:{PWN} this is the best", "@scheme"),
                ("w" * 100_000, "@oneword"),
                ("I love 漢" + "字" * 33_000, "@bytes"),
                (f"<svg><animate onbegin='{PWN}' attributeName=x dur=1s></svg> wonderful", "@animate"),
                (f'<iframe srcdoc="<script>parent.{PWN}</script>"></iframe> I hate it', "@frame"),
                ("=cmd|' /C calc'!A0 I love it", '=HYPERLINK("http://127.0.0.1/","me")'),
                ("@SUM(1+1)*cmd|'\"; ,calc'!A0 awful", "+1"),
                ("-2+3\r\n=1+1 is what I hate", "-1"),
            )
        )
    ),
)
GERMAN = Video(
    id="deutsch1111",
    title="Wie ich einen Synthesizer baute",
    language="de-DE",
    announced="4 Kommentare",
    comments=(
        Comment(
            "UgDeA",
            "I love this ❤️",
            "@eins",
            19_924,
            "19.924",
            "vor 2 Wochen (bearbeitet)",
            (2, "week"),
        ),
        Comment("UgDeB", "This is terrible", "@zwei", 1_900_000, "1,9 Mio.", "vor 1 Jahr", (1, "year")),
        Comment("UgDeC", "It is a video", "@drei", 0, " ", "vor 3 Stunden", (3, "hour")),
        Comment("UgDeD", "Great work", "@vier", 4037, "4037", "vor 4 Jahren", (4, "year")),
    ),
)


def _in_language(language: str, likes: Mapping[int, str], ages: Mapping[tuple[int, str], str]) -> Video:
    """Return a video whose page speaks `language`: how it prints some likes, and some dates."""
    said = zip(likes.items(), ages.items(), strict=True)
    comments = tuple(
        Comment(f"Ug{language}{place}", "I love this video", "@someone", count, shown, published, age)
        for place, ((count, shown), (age, published)) in enumerate(said)
    )
    # An id of YouTube's has eleven letters.
    video = f"in-{language}-----------"[:11]
    return Video(
        video, comments=comments, language=language, announced=f"{len(comments)}", shape="entities"
    )


_HOURS, _MONTHS, _WEEKS, _YEARS = (3, "hour"), (11, "month"), (2, "week"), (12, "year")
IN_LANGUAGES = (
    _in_language(
        "de-DE",
        {19_924: "19.924", 1_900_000: "1,9 Mio.", 4037: "4037", 0: ""},
        {
            _HOURS: "vor 3 Stunden",
            _MONTHS: "vor 11 Monaten",
            _WEEKS: "vor 2 Wochen (bearbeitet)",
            _YEARS: "vor 12 Jahren",
        },
    ),
    _in_language(
        "ja-JP",
        {21_000: "2.1万", 190_000_000: "1.9億", 4037: "4037", 0: ""},
        {
            _HOURS: "3 時間前",
            _MONTHS: "11 か月前",
            _WEEKS: "2 週間前（編集済み）",
            _YEARS: "12 年前",
        },
    ),
    _in_language(
        "hi-IN",
        {19_000: "19 हज़ार", 190_000: "1.9 लाख", 981: "981", 0: ""},
        {
            _HOURS: "3 घंटे पहले",
            _MONTHS: "11 महीना पहले",
            _WEEKS: "2 सप्ताह पहले (बदलाव किया गया)",
            _YEARS: "12 वर्ष पहले",
        },
    ),
    _in_language(
        "pt-BR",
        {19_000: "19 mil", 1_900_000: "1,9 mi", 981: "981", 0: ""},
        {
            _HOURS: "há 3 horas",
            _MONTHS: "11 meses atrás",
            _WEEKS: "há 2 semanas (editado)",
            _YEARS: "12 anos atrás",
        },
    ),
    _in_language(
        "es-ES",
        {19_000: "19 mil", 1_900_000: "1,9 M", 981: "981", 0: ""},
        {
            _HOURS: "hace 3 horas",
            _MONTHS: "Hace 11 meses",
            _WEEKS: "Hace 2 semanas (editado)",
            _YEARS: "hace 12 años",
        },
    ),
    _in_language(
        "fr-FR",
        {19_000: "19\u00a0k", 1_900_000: "1,9\u00a0M", 981: "981", 0: ""},
        {
            _HOURS: "il y a 3\u00a0heures",
            _MONTHS: "il y a 11 mois",
            _WEEKS: "il y a 2\u00a0semaines (modifié)",
            _YEARS: "il y a 12 ans",
        },
    ),
)
BY_SCROLLING = tuple(replace(video, id=f"{video.id[:10]}X", shape=None) for video in IN_LANGUAGES)

ENTITIES = replace(THREADS, id="entities111", shape="entities")
RENDERERS = replace(THREADS, id="renderers11", shape="renderers")
BY_REQUESTS = replace(LONG, id="byrequests1", shape="entities")
HURRIED = replace(SHORT, id="hurried1111", shape="entities", statuses={2: 429, 4: 503})
REFUSING = replace(SHORT, id="refusing111", shape="entities", statuses={3: 403})
RESHAPED = replace(SHORT, id="reshaped111", shape="unknown")
OFF_BY_REQUESTS = replace(OFF, id="offrequests", shape="entities")
DEEP = Video(
    id="deepdeep111",
    announced="3 Comments",
    shape="entities",
    comments=(
        Comment(
            id="UgDeep",
            text="I love this, best video ever",
            replies=(
                Comment(
                    id="UgDeep.a",
                    text="I hate it, terrible",
                    replies=(Comment(id="UgDeep.a.b", text="part two is on Friday"),),
                ),
            ),
        ),
    ),
)
KEPT = Video(
    id="keptkept111",
    title='A "quoted" title; with, signs = and more',
    channel="Slow Workshop",
    shape="entities",
    comments=(
        Comment(
            id="UgKeptA",
            text="Part two is out on Friday\nThank you, I love you all ❤️ https://example.org/?a=1&b=2",
            author="@slowworkshop",
            likes=1200,
            likes_shown="1.2K",
            pinned=True,
            by_owner=True,
            replies=(
                Comment(
                    id="UgKeptA.1",
                    text='"Wonderful", she said; and I agree',
                    replies=(Comment(id="UgKeptA.1.1", text="I hate it, this is terrible"),),
                ),
                Comment(id="UgKeptA.2", text="It is in the description"),
            ),
        ),
        Comment(
            id="UgKeptB",
            text="=1+1 is the best comment, I love it",
            author="@été",
            likes=3,
            likes_shown="3",
            published="3 years ago (edited)",
            age=(3, "year"),
            hearted=True,
            replies=(Comment(id="UgKeptB.1", text="No, that is simply wrong, awful"),),
        ),
        Comment(id="UgKeptC", text="What a waste of time, I hate the music"),
    ),
)
MANY = Video(
    id="verymany111",
    comments=Crowd(seed=5).section(int(os.environ.get("MANY_COMMENTS", "5000")), (45, 25, 25, 5)),
    shape="entities",
)
THOUSAND = Video(id="thousand111", comments=MANY.comments[:1000], delay=0)
SHORTS = replace(SHORT, id="shortsvideo", shape="entities")

ALL = (
    ENTITIES,
    RENDERERS,
    BY_REQUESTS,
    HURRIED,
    REFUSING,
    RESHAPED,
    OFF_BY_REQUESTS,
    SHORTS,
    DEEP,
    KEPT,
    MANY,
    THOUSAND,
    LONG,
    SECOND_VIDEO,
    SHORT,
    THREADS,
    SLOW,
    STALLING,
    SILENT,
    OFF,
    EMPTY,
    UNREADABLE,
    HOSTILE,
    GERMAN,
    *IN_LANGUAGES,
    *BY_SCROLLING,
)
