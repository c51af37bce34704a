"""The layouts that are read, one module each; to add one, write its module and name it here."""

from __future__ import annotations

from chataudit.ingest.layout import Layout
from chataudit.ingest.layouts import (
    feige,
    jd_api,
    jd_im_log,
    jd_log,
    jddc,
    pdd_push,
    pdd_scraped,
    plain,
    qianniu_book,
    qianniu_cells,
    qianniu_clipboard,
    qianniu_fulltext,
    qianniu_im,
    qianniu_push,
    qianniu_web,
    uneed,
    wangwang,
)

LAYOUTS: tuple[Layout, ...] = (
    wangwang.LAYOUT,
    qianniu_im.LAYOUT,
    qianniu_web.LAYOUT,
    qianniu_clipboard.LAYOUT,
    qianniu_book.LAYOUT,
    qianniu_cells.LAYOUT,
    qianniu_fulltext.LAYOUT,
    qianniu_push.LAYOUT,
    jd_log.LAYOUT,
    jd_api.LAYOUT,
    jd_im_log.LAYOUT,
    pdd_scraped.LAYOUT,
    pdd_push.LAYOUT,
    feige.LAYOUT,
    jddc.LAYOUT,
    uneed.LAYOUT,
    plain.LAYOUT,
)
