"""Notices to people: what a nightly run found, to group robots and by mail."""

from chataudit.notices.channel import Channel
from chataudit.notices.channels import KINDS, read_channels
from chataudit.notices.notice import Notice
from chataudit.notices.sending import Sent, send

__all__ = ["KINDS", "Channel", "Notice", "Sent", "read_channels", "send"]
