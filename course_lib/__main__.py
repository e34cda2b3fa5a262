from course_lib.cli import main

main(prog_name="python -m course_lib")
