"""What lesson 04 needs, MAML on images."""

from course_lib.lessons.lesson04.adaptation import follow
from course_lib.lessons.lesson04.adaptation_scrubber import AdaptationScrubber

__all__ = ["AdaptationScrubber", "follow"]
