"""The first version: runs with their results, and what the files of an inbox say."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "agents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("consulted_n", sa.BigInteger(), nullable=True),
        sa.Column("received_n", sa.BigInteger(), nullable=True),
        sa.Column("unreplied_n", sa.BigInteger(), nullable=True),
        sa.Column("reply_share", sa.Double(), nullable=True),
        sa.Column("session_n", sa.BigInteger(), nullable=True),
        sa.Column("round_n", sa.BigInteger(), nullable=True),
        sa.Column("pending_n", sa.BigInteger(), nullable=True),
        sa.Column("buyer_msg_n", sa.BigInteger(), nullable=True),
        sa.Column("agent_msg_n", sa.BigInteger(), nullable=True),
        sa.Column("reply_ratio", sa.Double(), nullable=True),
        sa.Column("first_response_s", sa.Double(), nullable=True),
        sa.Column("mean_response_s", sa.Double(), nullable=True),
        sa.Column("p50_response_s", sa.Double(), nullable=True),
        sa.Column("p90_response_s", sa.Double(), nullable=True),
        sa.Column("within_30s_share", sa.Double(), nullable=True),
        sa.Column("within_180s_share", sa.Double(), nullable=True),
        sa.Column("slow_n", sa.BigInteger(), nullable=True),
        sa.Column("long_n", sa.BigInteger(), nullable=True),
        sa.Column("inquiry_n", sa.BigInteger(), nullable=True),
        sa.Column("ordered_n", sa.BigInteger(), nullable=True),
        sa.Column("paid_n", sa.BigInteger(), nullable=True),
        sa.Column("conversion_share", sa.Double(), nullable=True),
        sa.Column("sales", sa.Text(), nullable=True),
        sa.Column("refunds", sa.Text(), nullable=True),
        sa.Column("effective_sales", sa.Text(), nullable=True),
        sa.Column("order_value", sa.Text(), nullable=True),
        sa.Column("first_wait_s", sa.Double(), nullable=True),
        sa.Column("wait_s", sa.Double(), nullable=True),
        sa.Column("first_answered_n", sa.BigInteger(), nullable=True),
        sa.Column("answered_n", sa.BigInteger(), nullable=True),
        sa.Column("within_30s_n", sa.BigInteger(), nullable=True),
        sa.Column("first_n", sa.BigInteger(), nullable=True),
        sa.Column("within_180s_n", sa.BigInteger(), nullable=True),
        sa.Column("timed_n", sa.BigInteger(), nullable=True),
        sa.Column("order_n", sa.BigInteger(), nullable=True),
        sa.Column("returned_order_n", sa.BigInteger(), nullable=True),
        sa.Column("payer_n", sa.BigInteger(), nullable=True),
        sa.Column("refunded_n", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
    )
    op.create_table(
        "chat_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.Column("nth", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("refs", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_chat_rows"),
    )
    op.create_index("ix_chat_rows_file", "chat_rows", ["file"], unique=False)
    op.create_index("ix_chat_rows_sent_at", "chat_rows", ["sent_at"], unique=False)
    op.create_index(
        "ix_chat_rows_session_id",
        "chat_rows",
        ["session_id"],
        unique=False,
        sqlite_where=sa.text("session_id IS NOT NULL"),
        postgresql_where=sa.text("session_id IS NOT NULL"),
        postgresql_using="hash",
    )
    op.create_table(
        "conversions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("judged_by", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("ordered_at", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("refund", sa.Text(), nullable=True),
        sa.Column("postage", sa.Text(), nullable=True),
        sa.Column("commission", sa.Text(), nullable=True),
        sa.Column("join", sa.Text(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=True),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversions"),
    )
    op.create_table(
        "days",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("reported", sa.Integer(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=True),
        sa.Column("told_n", sa.Integer(), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_days"),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("fact", sa.Text(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_facts"),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("rejects", sa.BigInteger(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("sha256", name="uq_files_sha256"),
    )
    op.create_table(
        "forgotten",
        sa.Column("buyer", sa.Text(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("buyer", name="pk_forgotten"),
    )
    op.create_table(
        "hits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hits"),
    )
    op.create_table(
        "jd_session_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("receiver", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("mean_response_s", sa.Double(), nullable=True),
        sa.Column("duration_min", sa.Double(), nullable=True),
        sa.Column("buyer_n", sa.Double(), nullable=True),
        sa.Column("agent_n", sa.Double(), nullable=True),
        sa.Column("rating", sa.Text(), nullable=True),
        sa.Column("solved", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jd_session_rows"),
    )
    op.create_index("ix_jd_session_rows_file", "jd_session_rows", ["file"], unique=False)
    op.create_table(
        "lexicon_files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_lexicon_files"),
    )
    op.create_table(
        "marks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("max_points", sa.Double(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_marks"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("refs", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.Column("part", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("masked", sa.Boolean(), nullable=True),
        sa.Column("closing", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_table(
        "nights",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_nights"),
    )
    op.create_table(
        "order_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("ordered_at", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("postage", sa.Text(), nullable=True),
        sa.Column("commission", sa.Text(), nullable=True),
        sa.Column("refund", sa.Text(), nullable=True),
        sa.Column("refunded_at", sa.BigInteger(), nullable=True),
        sa.Column("item_ids", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_order_rows"),
    )
    op.create_index("ix_order_rows_file", "order_rows", ["file"], unique=False)
    op.create_index("ix_order_rows_order_id", "order_rows", ["order_id"], unique=False, postgresql_using="hash")
    op.create_index("ix_order_rows_until_at", "order_rows", ["until_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("shifts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "people_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("shifts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people_rows"),
    )
    op.create_index("ix_people_rows_file", "people_rows", ["file"], unique=False)
    op.create_table(
        "period_scores",
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_low", sa.Double(), nullable=True),
        sa.Column("score_high", sa.Double(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("red_lines", sa.Text(), nullable=True),
        sa.Column("sample_n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("card", "period", "subject_kind", "subject", name="pk_period_scores"),
    )
    op.create_table(
        "platform_metrics",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_platform_metrics"),
    )
    op.create_table(
        "reject_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reject_rows"),
    )
    op.create_index("ix_reject_rows_file", "reject_rows", ["file"], unique=False)
    op.create_table(
        "rejects",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rejects"),
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("risk", sa.Double(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_risk"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("wait_s", sa.Double(), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=True),
        sa.Column("session", sa.BigInteger(), nullable=True),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("reply", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("broken", sa.Text(), nullable=False),
        sa.Column("shapes", sa.Text(), nullable=False),
        sa.Column("rulings", sa.LargeBinary(), nullable=False),
        sa.Column("purged", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("day", name="uq_runs_day"),
    )
    op.create_table(
        "salts", sa.Column("salt", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("salt", name="pk_salts")
    )
    op.create_table(
        "score_runs",
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("card", "period", name="pk_score_runs"),
    )
    op.create_table(
        "scores",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("score_low", sa.Double(), nullable=True),
        sa.Column("score_high", sa.Double(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=True),
        sa.Column("red_lines", sa.Text(), nullable=True),
        sa.Column("sample_n", sa.BigInteger(), nullable=True),
        sa.Column("applicable_share", sa.Double(), nullable=True),
        sa.Column("days_covered", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_scores"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("shop", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("agents", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("buyer_n", sa.BigInteger(), nullable=True),
        sa.Column("agent_n", sa.BigInteger(), nullable=True),
        sa.Column("bot_n", sa.BigInteger(), nullable=True),
        sa.Column("round_n", sa.BigInteger(), nullable=True),
        sa.Column("pending_n", sa.BigInteger(), nullable=True),
        sa.Column("first_response_s", sa.Double(), nullable=True),
        sa.Column("mean_response_s", sa.Double(), nullable=True),
        sa.Column("max_response_s", sa.Double(), nullable=True),
        sa.Column("last_sender", sa.Text(), nullable=True),
        sa.Column("transferred", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_day", "sessions", ["day"], unique=False)
    op.create_index("ix_sessions_session_id", "sessions", ["session_id"], unique=False, postgresql_using="hash")
    op.create_table(
        "sheet_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("rater", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.Column("column", sa.BigInteger(), nullable=True),
        sa.Column("cell", sa.Text(), nullable=True),
        sa.Column("unreadable", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_rows"),
    )
    op.create_index("ix_sheet_rows_file", "sheet_rows", ["file"], unique=False)
    op.create_table(
        "sheets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("rater", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sheets"),
    )
    op.create_table(
        "verdict_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=True),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("day", sa.Text(), nullable=True),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("rater", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("row", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_verdict_rows"),
    )
    op.create_index("ix_verdict_rows_file", "verdict_rows", ["file"], unique=False)
    op.create_table(
        "extents",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_extents_run_runs"),
        sa.PrimaryKeyConstraint("run", "table", name="pk_extents"),
    )
    op.create_table(
        "run_inputs",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_inputs_run_runs"),
        sa.PrimaryKeyConstraint("run", "number", name="pk_run_inputs"),
    )
    op.create_table(
        "run_lexicons",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_run_lexicons_run_runs"),
        sa.ForeignKeyConstraint(["sha256"], ["lexicon_files.sha256"], name="fk_run_lexicons_sha256_lexicon_files"),
        sa.PrimaryKeyConstraint("run", "path", name="pk_run_lexicons"),
    )


def downgrade() -> None:
    """Drop all tables."""
    op.drop_table("run_lexicons")
    op.drop_table("run_inputs")
    op.drop_table("extents")
    op.drop_table("verdict_rows")
    op.drop_table("sheets")
    op.drop_table("sheet_rows")
    op.drop_table("sessions")
    op.drop_table("scores")
    op.drop_table("score_runs")
    op.drop_table("salts")
    op.drop_table("runs")
    op.drop_table("rounds")
    op.drop_table("risk")
    op.drop_table("rejects")
    op.drop_table("reject_rows")
    op.drop_table("platform_metrics")
    op.drop_table("period_scores")
    op.drop_table("people_rows")
    op.drop_table("people")
    op.drop_table("order_rows")
    op.drop_table("nights")
    op.drop_table("messages")
    op.drop_table("marks")
    op.drop_table("lexicon_files")
    op.drop_table("jd_session_rows")
    op.drop_table("hits")
    op.drop_table("forgotten")
    op.drop_table("files")
    op.drop_table("facts")
    op.drop_table("days")
    op.drop_table("conversions")
    op.drop_table("chat_rows")
    op.drop_table("agents")
