"""How another model comes to be served, while the server goes on.

source      where champions are offered: a directory, an MLflow registry, S3
golden      what any champion must get right
trial       an offered bundle is run, in a process of its own where it can do no harm
store       bundles on the local disk, and which of them is the champion
offer       from a source to the store, through every check
fetcher     the process that asks a remote source, one for all server processes
watcher     the threads of a server process that follow the store and see to the fetching
champions   which model a server process serves
"""
