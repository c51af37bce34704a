"""公众号客服 ``getmsglist``: ``opercode`` 2002 the agent sent, 2003 the agent received; ``time`` in seconds."""

from __future__ import annotations

from chataudit.arrays import TEXT
from chataudit.errors import Words
from chataudit.ingest.heads import head_keys
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading
from chataudit.ingest.records import Told, in_our_words, read_records
from chataudit.ingest.sources import Source
from chataudit.ingest.tabular import is_json
from chataudit.ingest.tabular.json_fields import field, json_records, kept
from chataudit.settings import Settings

CODES = {"2002": "agent", "2003": "buyer"}


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the keys of a record."""
    if not is_json(source) or not {"openid", "opercode", "worker", "text", "time"} <= head_keys(source):
        return None
    return Sign(SURE, Words("JSON 里有 openid、opercode、worker", "JSON with openid, opercode and worker"))


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages; agents are ``账号@微信号``, what stands behind the @ is the shop.

    Raises:
        Faults: no JSON.
    """
    records = json_records(source)
    known = field(records.objects, "opercode").isin(list(CODES)).to_numpy()
    records = kept(records, known, source.name, "an opercode that is neither 2002 nor 2003")
    objects = records.objects
    worker = field(objects, "worker")
    told = Told(
        sender=in_our_words(field(objects, "opercode"), CODES),
        buyer=field(objects, "openid"),
        sent_at=field(objects, "time"),
        text=field(objects, "text"),
        agent=worker,
        shop=worker.str.extract(r"@([^@]+)$", expand=False).astype(TEXT),
    )
    return read_records(source.name, None, records, told, settings)


EXAMPLE = """\
{"recordlist":[
 {"openid":"oEXAMPLE01","opercode":2003,"text":"在吗","time":1772416865,"worker":"kefu01@shilidian"},
 {"openid":"oEXAMPLE01","opercode":2002,"text":"在的","time":1772416890,"worker":"kefu01@shilidian"}],"number":2,"msgid":2}
"""
LAYOUT = Layout(
    "mp_kf", Words("公众号客服 getmsglist JSON", "Weixin official account, getmsglist JSON"), EXAMPLE, look, read
)
