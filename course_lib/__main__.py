from course_lib.commands import main

main(prog_name="python -m course_lib")
