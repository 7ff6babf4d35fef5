"""What the comments of a video say together.

Knows which parts an analysis has; each part is a module of its own. Knows nothing of HTTP or models.
"""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from backend.analysis.authors import authors
from backend.analysis.counts import count, weigh
from backend.analysis.interval import mean_interval
from backend.analysis.top_comments import top_comments
from backend.analysis.trend import Dated, choose_bucket, trend
from backend.analysis.words import words
from backend.labelling import Labelling
from backend.schemas import AnalyzeAnswer, AnalyzeRequest, MeanScore, ModelName


def analyse(asked: AnalyzeRequest, labelling: Labelling, model: ModelName) -> AnalyzeAnswer:
    """Return the analysis of the comments that were `asked` about, labelled by `model`."""
    comments, options = asked.comments, asked.options
    scores = labelling.scores
    mean, low, high = mean_interval(scores)
    dated = [
        Dated(comment.published_at, comment.published_at_width, label, score)
        for comment, label, score in zip(comments, labelling.labels, scores.tolist(), strict=True)
        if comment.published_at is not None
    ]
    bucket = choose_bucket(dated, options.bucket)
    return AnalyzeAnswer(
        video=asked.video,
        model=model,
        counts=count(labelling.labels),
        like_weighted=weigh(labelling.labels, scores, [comment.likes for comment in comments]),
        score=MeanScore(mean=mean, low=low, high=high),
        bucket=bucket,
        trend=trend(dated, bucket, ZoneInfo(options.timezone)),
        undated=len(comments) - len(dated),
        words=words(labelling, options.words),
        top_comments=top_comments(comments, labelling, options.top),
        authors=authors(
            zip((comment.author for comment in comments), scores.tolist(), strict=True), options.top
        ),
        languages=dict(Counter(labelling.languages).most_common()),
        predictions=labelling.predictions([comment.id for comment in comments]),
    )
