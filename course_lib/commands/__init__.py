"""The command line: `python -m course_lib train | evaluate | name | doctor`. A file each."""

from __future__ import annotations

import click

from course_lib.commands import doctor, evaluate, name, train


class _Group(click.Group):
    """Shows the library's own errors as the one sentence that they are."""

    def invoke(self, context):
        try:
            return super().invoke(context)
        except (ValueError, OSError, FloatingPointError, KeyError) as error:
            raise click.ClickException(error.args[0] if isinstance(error, KeyError) else str(error)) from error


@click.group(cls=_Group, context_settings={"show_default": True})
def main():
    """Train, judge and use the meta-learners of the course."""


for _command in (train.train, evaluate.evaluate, name.name, doctor.doctor):
    main.add_command(_command)
