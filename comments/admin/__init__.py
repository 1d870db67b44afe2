"""The discussion in the admin: the moderators' desk, the house rules, and the record."""

from comments.admin.records import CommentAdmin, DecisionAdmin, ReportAdmin
from comments.admin.rules import HouseRulesAdmin

__all__ = ["CommentAdmin", "DecisionAdmin", "HouseRulesAdmin", "ReportAdmin"]
