#!/bin/sh
# The command of the images: the program lies in /app and is not installed.
cd /app && exec python -P -c 'import sys; sys.path.insert(0, "."); from backend.command import main; main()' "$@"
