"""Run the command line as ``python -m chataudit``."""

from chataudit.cli import main

main()
