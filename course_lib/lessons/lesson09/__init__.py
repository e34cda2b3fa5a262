"""What lesson 09 needs, reading in context."""

from course_lib.lessons.lesson09 import context_worlds, measured
from course_lib.lessons.lesson09.by_attention import as_tokens, linear_attention
from course_lib.lessons.lesson09.context_explorer import ContextExplorer
from course_lib.lessons.lesson09.readers import FLAWS, deal_readers

__all__ = ["FLAWS", "ContextExplorer", "as_tokens", "context_worlds", "deal_readers", "linear_attention", "measured"]
