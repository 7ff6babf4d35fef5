"""Videos, analyses, predictions and feedback."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "videos",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300)),
        sa.Column("channel", sa.String(300)),
        sa.Column("published_at", MOMENT),
        sa.Column("latest_position", sa.BigInteger()),
        sa.Column("forgotten_position", sa.BigInteger()),
        sa.Column("forgotten_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
    )
    op.create_index("ix_videos_latest_position_id", "videos", ["latest_position", "id"])
    op.create_table(
        "analyses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("analysed_at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("video_id", sa.String(200)),
        sa.Column("model_name", sa.Text(), nullable=False),
        sa.Column("model_family", sa.Text(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
        sa.Column("negative", sa.Integer(), nullable=False),
        sa.Column("neutral", sa.Integer(), nullable=False),
        sa.Column("positive", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("summary", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_analyses_video_id"),
    )
    op.create_index("ix_analyses_video_id_position_id", "analyses", ["video_id", "position", "id"])
    op.create_index("ix_analyses_day", "analyses", ["day"])
    op.create_table(
        "predictions",
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.String(200)),
        sa.Column("text", sa.Text()),
        sa.Column("author", sa.String(32)),
        sa.Column("likes", sa.Integer()),
        sa.Column("published_at", MOMENT),
        sa.Column("published_at_width", sa.Double()),
        sa.Column("reply_to", sa.String(200)),
        sa.Column("pinned", sa.Boolean()),
        sa.Column("hearted", sa.Boolean()),
        sa.Column("label", sa.String(8), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("negative", sa.Double(), nullable=False),
        sa.Column("neutral", sa.Double(), nullable=False),
        sa.Column("positive", sa.Double(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "ordinal", name="pk_predictions"),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], name="fk_predictions_analysis_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("comment_id", sa.String(200)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.String(8), nullable=False),
        sa.Column("predicted", sa.String(8)),
        sa.Column("video_id", sa.String(200)),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_day", "feedback", ["day"])
    op.create_index("ix_feedback_video_id", "feedback", ["video_id"])
    origin = op.create_table(
        "origin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("swept_before", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_origin"),
    )
    op.bulk_insert(origin, [{"id": uuid.uuid4()}])
