"""`make bench`: how fast Undertone is, beside the ways people serve such a model otherwise.

plan        how much is measured, and for how long at most
comments    what is sent
champion    the model without a server: what all but two of the peers are put around
servers/    the peers, and Undertone with its stages timed, as processes of their own
peers       how each is started and asked
process     starting a process tree, its memory, ending it
load        clients that ask, and what they saw
stages      a stopwatch for the parts of a request
rounds      one peer after the other, again and again
profile     where the time of one request goes
figures     the arithmetic
aims        what Undertone promises
table       what is printed
"""
