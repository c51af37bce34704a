"""Zendesk tickets with their comments: the requester is the buyer, times in ISO 8601.

Read are the answer of ``/tickets/ID/comments`` (with ``users``, or the ticket beside it) and tickets one a line with
their comments. Comments that are not public are notes among agents: rejects, so that nothing is lost unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.decode import decode
from chataudit.ingest.guesses import Guess
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.markup import plain_text
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import Records, chosen, field, json_records, kept
from chataudit.settings import Settings
from chataudit.tables import REJECTS

ROLES = {"end-user": "buyer", "agent": "agent", "admin": "agent"}
MACHINE = "-1"  # the author of what triggers and automations write
GUESSED = Guess(
    Words("没有说谁是客户：按第一条的作者算", "nobody is named as the requester: the first author is taken"),
    Words("导出时带上 users 或工单", "export the users or the ticket with the comments"),
)


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a comment."""
    if not is_json(source) or not {"author_id", "public", "created_at", "body"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 author_id、public、body", "JSON with author_id, public and body"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the comments; ``row`` is the place of the comment in its list, or of the ticket in the file.

    Raises:
        Faults: no JSON.
    """
    records = _comments(_answers(source))
    hidden = (field(records.objects, "public") == "false").fillna(False).to_numpy(dtype=bool)
    records = kept(records, ~hidden, source.name, "a note among agents")
    objects = records.objects
    author, buyer = field(objects, "author_id"), field(objects, "requester")
    role = in_our_words(field(objects, "role"), ROLES)
    role = role.where(role.notna(), pd.Series(np.where(author == buyer, "buyer", "agent"), dtype=TEXT))
    body = chosen(field(objects, "plain_body"), field(objects, "body"), plain_text(field(objects, "html_body")))
    told = Told(
        sender=role.mask(author == MACHINE, "auto").astype(TEXT),
        buyer=buyer,
        sent_at=field(objects, "created_at"),
        text=body,
        agent=chosen(field(objects, "name"), author).where((role == "agent") & (author != MACHINE)),
        session_id=field(objects, "ticket"),
    )
    reading = read_records(source.name, None, records, told, settings)
    guessed = (field(objects, "guessed") == "true").any()
    return replace(reading, guesses=(*reading.guesses, GUESSED)) if guessed else reading


def _answers(source: Source) -> Records:
    """Return the tickets or comments; an answer with users or a ticket beside the comments stays whole."""
    records = json_records(source)
    try:
        whole = json.loads(decode(source.whole()).text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return records
    if not isinstance(whole, dict) or not isinstance(whole.get("comments"), list):
        return records
    return records._replace(objects=[whole], row=np.array([1]), rejects=REJECTS.empty())


def _comments(records: Records) -> Records:
    """Return the comments as records of their own, each with what its ticket and the users say."""
    if any("author_id" in one and "comments" not in one for one in records.objects):
        found = list(_of_ticket({"comments": records.objects}))
        return records._replace(objects=found)
    if len(records.objects) == 1:
        found = list(_of_ticket(records.objects[0]))
        return records._replace(objects=found, row=np.arange(len(found)) + 1)
    pairs = [
        (row, one)
        for row, ticket in zip(records.row.tolist(), records.objects, strict=True)
        for one in _of_ticket(ticket)
    ]
    return records._replace(objects=[one for _, one in pairs], row=np.array([row for row, _ in pairs], dtype=np.int64))


def _of_ticket(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    ticket = answer["ticket"] if isinstance(answer.get("ticket"), dict) else answer
    listed = answer.get("comments")
    comments = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    users = answer.get("users")
    known = {str(one.get("id")): one for one in users if isinstance(one, dict)} if isinstance(users, list) else {}
    asked = ticket.get("requester_id")
    guessed = asked is None and not known
    if asked is None:
        ends = [one for one in known.values() if one.get("role") == "end-user"]
        asked = ends[0].get("id") if ends else next((one.get("author_id") for one in comments), None)
    for one in comments:
        user = known.get(str(one.get("author_id")), {})
        told = {"ticket": ticket.get("id"), "requester": asked, "guessed": guessed}
        yield {**one, **told, "role": user.get("role"), "name": user.get("name")}


EXAMPLE = """\
{"ticket":{"id":35436,"requester_id":5},"comments":[
 {"id":1,"type":"Comment","author_id":5,"body":"Is it in stock?","public":true,"created_at":"2026-03-02T02:01:05Z"},
 {"id":2,"type":"Comment","author_id":7,"body":"Yes","public":true,"created_at":"2026-03-02T02:01:31Z"}]}
"""
LAYOUT = Layout("zendesk", Words("Zendesk 工单评论 JSON", "Zendesk ticket comments, JSON"), EXAMPLE, look, read)
