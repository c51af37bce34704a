"""Audit e-commerce customer-service chats: exports in, filled checklists out."""

__version__ = "0.1.0"
