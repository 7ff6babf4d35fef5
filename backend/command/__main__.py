"""`python -m backend.command`: what `undertone` does, where it is not on the PATH."""

from backend.command import main

main()
