"""The command line of a checkout: `python cli.py VERB`. The installed script is maild.commands:main."""

from maild.commands import main

if __name__ == "__main__":
    main()
