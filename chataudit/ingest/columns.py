"""The columns of plain tables: the contract's names and the aliases that other tools' exports use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

CHAT = {
    "platform": "平台 platform 渠道平台",
    "shop": "店铺 shop 店铺名称 店铺名 shop_name seller_shop",
    "session_id": "会话id session session_id 会话编号 会话 会话标识 conversation_id cid",
    "buyer": "买家 buyer 买家昵称 买家旺旺 客户昵称 顾客 客户名 客户id 买家会员名 消费者昵称 用户昵称 customer "
    "buyer_nick 用户信息",
    "agent": "客服 agent 客服昵称 客服账号 员工账号 客服旺旺 staff 接待客服 子账号 agent_nick 商家客服",
    "sender": "发送方 sender 账号类型 对象 角色 role 发送者类型 sender_type 发送方类型 消息方向",
    "account": "发送者 发送人 发送账号 发话者 昵称 账号 from account sender_name",
    "sent_at": "时间 sent_at 发送时间 消息时间 聊天时间 time timestamp datetime created_at send_time",
    "date": "日期 date chat_date",
    "kind": "类型 kind 消息类型 type msg_type msgtype",
    "text": "内容 text 消息 消息内容 发送内容 聊天内容 content message 聊天 文本",
    "refs": "商品id refs item_id goods_id 咨询商品id",
}
ORDERS = {
    "order_id": "订单编号 order_id 订单号 主订单编号 主订单号",
    "platform": "平台 platform",
    "shop": "店铺 shop 店铺名称",
    "buyer": "买家 buyer 买家会员名 下单帐号 下单账号 买家昵称 买家旺旺",
    "ordered_at": "下单时间 ordered_at 订单创建时间 买家下单时间 订单提交时间 订单创建日期",
    "paid_at": "付款时间 paid_at 订单付款时间 买家付款时间 支付时间 支付完成时间 付款确认时间",
    "closed_at": "关闭时间 closed_at 订单关闭时间 交易关闭时间",
    "amount": "实付金额 amount 买家实际支付金额 买家实付金额 实付款 用户实付金额(元) 订单应付金额 应付金额",
    "postage": "邮费 postage 买家应付邮费 运费 运费金额 邮费(元) 订单运费",
    "commission": "佣金 commission 卖家服务费 技术服务费 平台佣金",
    "refund": "退款金额 refund 商品已退款金额",
    "refunded_at": "退款时间 refunded_at 退款完成时间",
    "item_ids": "商品id item_ids 商品编号 item_id",
    "status": "状态 status 订单状态",
}
PEOPLE = {
    "account": "账号 account 客服账号 客服",
    "person": "姓名 person 人员 员工姓名",
    "team": "小组 team 组别 团队",
    "since": "入职日期 since 入职时间",
    "shifts": "班次 shifts 排班",
}
SHEETS = {
    "period": "周期 period 考核周期 月份",
    "person": "姓名 person 人员",
    "item": "考核项 item 项目 指标",
    "value": "数值 value 得分 评分 值",
    "rater": "评分人 rater 评价人 填报人",
    "remark": "备注 remark 说明",
}
LABELS = {
    "session_id": "会话编号 session_id 会话id session 会话 会话标识",
    "label": "标签 label 评分 得分 分数 满意度 score",
}
SENDER_WORDS = {
    "buyer": "买家 客户 顾客 用户 消费者 会员 buyer customer user client",
    "agent": "客服 商家 卖家 人工客服 人工 agent staff seller waiter mall_cs",
    "assist": "智能辅助 辅助 assist",
    "auto": "自动回复 自动 auto",
    "bot": "机器人 智能客服 bot robot",
    "system": "系统 系统消息 平台 system",
}
KIND_WORDS = {
    "text": "文本 文字 text 文本消息",
    "image": "图片 image img 图片消息",
    "card": "卡片 card 商品 商品卡片 订单卡片 链接 goods order",
    "emoji": "表情 emoji emotion",
    "file": "文件 语音 视频 file voice video 语音消息 视频消息",
    "recall": "撤回 recall withdraw revoke",
    "transfer": "转接 transfer 转交",
    "event": "事件 event 系统 system 通知",
}
PLATFORM_WORDS = {
    "taobao": "taobao tmall 淘宝 天猫 千牛 旺旺 淘系 淘宝/天猫 1688",
    "jd": "jd 京东 咚咚 京麦",
    "pdd": "pdd 拼多多 pinduoduo",
    "douyin": "douyin 抖音 抖店 飞鸽 抖音小店",
    "plain": "plain 其他 其它",
}


def aliases(table: Mapping[str, str]) -> dict[str, str]:
    """Return every alias (folded as `fold_name` does) with its column or word."""
    return {fold_name(alias): name for name, words in table.items() for alias in [name, *words.split()]}


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Return a header or word without spaces, marks that exports add, and case."""
    name = "".join(str(name).split()).replace("\ufeff", "").lower()
    return name.replace("（", "(").replace("）", ")").strip("'\"")


@lru_cache(maxsize=256)
def _folded(column: str, words: str) -> tuple[str, ...]:
    return tuple(fold_name(word) for word in [column, *words.split()])


def understand(header: Iterable[str], table: Mapping[str, str], own: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return our column → position of the header cell that means it.

    The shop's ``own`` mapping (header → our column) goes first; where two headers mean one column, the alias that
    stands earlier in the table's list wins, then the earlier header.
    """
    folded = [fold_name(cell) for cell in header]
    mine = {fold_name(name): column for name, column in (own or {}).items()}
    found: dict[str, int] = {}
    for column, words in table.items():
        wanted = [name for name, target in mine.items() if target == column]
        wanted += [word for word in _folded(column, words) if word not in mine]
        for word in wanted:
            if word in folded and folded.index(word) not in found.values():
                found[column] = folded.index(word)
                break
    return found


def has_columns(header: Sequence[str] | None, *names: str) -> bool:
    """Return whether a header has cells of exactly these names (but for case, spaces and marks that exports add)."""
    return header is not None and {fold_name(name) for name in names} <= {fold_name(cell) for cell in header}


def understood(header: Sequence[str], columns: Mapping[str, int]) -> tuple[tuple[str, str | None], ...]:
    """Return each header cell with the column of ours that it was taken for, or None."""
    names = {at: name for name, at in columns.items()}
    return tuple((cell, names.get(at)) for at, cell in enumerate(header))
