"""Inference for many requests at once, on one model that has room for one batch at a time.

deadline      how long a request may take, and whether anybody still waits for it
admission     how much may be held at once
cache         what was predicted before
scheduler     whose comments go through the model next, and together with whose
engine        a request's way through all of these
memory        how much of it a process needs at most
"""
