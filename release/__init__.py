"""What makes something to give away out of the folder: the extension's package, its translations."""
