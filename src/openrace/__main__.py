"""``python -m openrace``: the command without its script."""

from openrace.cli import main

if __name__ == "__main__":
    main()
