"""千牛 userscript workbook “原始逐条”: a sheet for each customer, times without days, a summary sheet in front."""

from __future__ import annotations

from dataclasses import replace

from chataudit.arrays import arrow, codes_of
from chataudit.errors import Words
from chataudit.ingest.columns import has_columns, understand, understood
from chataudit.ingest.days import read_dated
from chataudit.ingest.layout import SURE, Layout, Sign
from chataudit.ingest.reading import Reading, trimmed_code
from chataudit.ingest.rejected import together
from chataudit.ingest.sources import XLS, ZIP, Source
from chataudit.ingest.tabular import read_header, read_sheet, workbook_grids
from chataudit.ingest.tabular.cells import cell_text
from chataudit.ingest.talk import Said, read_said
from chataudit.settings import Settings

COLUMNS = {
    "buyer": "客户名",
    "number": "消息序号",
    "sent_at": "发送时间",
    "text": "发送内容",
    "account": "发送账号",
    "role": "账号类型",
}
NEEDED = ("客户名", "消息序号", "发送时间", "发送内容", "发送账号")
SUMMARY, FAILED = "导出汇总", "失败原因"


def look(source: Source, settings: Settings) -> Sign | None:
    """Tell by the columns."""
    if not has_columns(read_header(source, COLUMNS, {}), *NEEDED):
        return None
    why = Words(
        "列名是 客户名、消息序号、发送时间、发送内容、发送账号", "columns 客户名 消息序号 发送时间 发送内容 发送账号"
    )
    return Sign(SURE, why)


def read(source: Source, settings: Settings) -> Reading:
    """Return the messages of all customers; the exporter's own guess of roles (账号类型) is left aside."""
    sheet = read_sheet(source, COLUMNS, {})
    assert sheet is not None  # the look saw its header
    at = understand(sheet.header, COLUMNS)
    columns = {name: sheet.frame[place] for name, place in at.items()}
    buyer = trimmed_code(columns["buyer"])
    times = read_dated(columns["sent_at"], source.name, settings, codes_of(buyer))
    said = Said(
        row=sheet.rows,
        account=trimmed_code(columns["account"]),
        sent_at=times.times,
        text=arrow(columns["text"]),
        clocks=times.clocks,
        part=codes_of(buyer),
        buyer=buyer,
        columns=understood(sheet.header, {name: place for name, place in at.items() if name not in ("role", "number")}),
    )
    reading = read_said(source.name, said, settings)
    return replace(
        reading,
        rejects=together(sheet.rejects, reading.rejects),
        notes=(*(note for note in sheet.notes if SUMMARY not in note.zh), *_failures(source)),
        guesses=(*reading.guesses, *times.guesses),
    )


def _failures(source: Source) -> tuple[Words, ...]:
    """Say which customers the summary sheet says were not exported."""
    if not source.head().startswith((ZIP, XLS)):
        return ()
    notes = []
    for grid in (grid for name, grid in source.once(workbook_grids).items() if name == SUMMARY):
        header = [cell_text(cell) for cell in grid[0]] if grid else []
        if FAILED not in header:
            continue
        place = header.index(FAILED)
        for row in grid[1:]:
            if place < len(row) and cell_text(row[place]):
                who, reason = cell_text(row[0]), cell_text(row[place])
                notes.append(
                    Words(
                        f"{source.name}：{who} 没有导出：{reason}", f"{source.name}: {who} was not exported: {reason}"
                    )
                )
    return tuple(notes)


EXAMPLE = """\
客户名,消息序号,发送时间,发送内容,发送账号,账号类型
tb示例买家01,1,10:01:05,这款有现货吗,tb示例买家01,客户
tb示例买家01,2,10:01:31,亲，有现货的哦,示例旗舰店:小雨,客服
"""
LAYOUT = Layout("qianniu_book", Words("千牛“原始逐条”工作簿", "千牛 userscript workbook"), EXAMPLE, look, read)
