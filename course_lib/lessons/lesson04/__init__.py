"""What lesson 04 needs, MAML on images."""

from course_lib.lessons.lesson04 import fixes, norms
from course_lib.lessons.lesson04.adaptation import follow
from course_lib.lessons.lesson04.adaptation_scrubber import AdaptationScrubber
from course_lib.lessons.lesson04.company import COMPANIES, accuracy_in_company, company

__all__ = ["COMPANIES", "AdaptationScrubber", "accuracy_in_company", "company", "fixes", "follow", "norms"]
