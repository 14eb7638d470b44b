"""What does `python -m emkg` do? The same as `emkg`."""

from emkg.cli import main

if __name__ == "__main__":
    main()
