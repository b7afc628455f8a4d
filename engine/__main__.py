"""`python -m engine` is `fare-engine`."""

from engine.cli import main

if __name__ == "__main__":
    main()
