"""The parts that the explorers are made of: a page that Python draws, plots with points to drag, pictures for paper.

The explorers live in the rooms of their lessons: `from course_lib.lessons.lesson03 import InnerLoopExplorer`.
"""
