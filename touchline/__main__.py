"""`python -m touchline` is the command `touchline`."""

from touchline.main import main

main()
