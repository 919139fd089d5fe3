"""`python -m nacre_cli` is `nacre`."""

from nacre_cli.main import main

if __name__ == "__main__":
    main()
