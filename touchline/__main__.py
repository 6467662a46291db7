"""The entry point of the command `touchline` and of `python -m touchline`. It imports nothing large by itself."""

import signal


def main() -> None:
    """Run the command line of this process. While its modules are imported, Ctrl-C ends it without a traceback."""
    handler = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from touchline.cli.main import main as run_commands

    signal.signal(signal.SIGINT, handler)
    run_commands()


if __name__ == "__main__":
    main()
