"""Errors: what a stage says when it can't go on.

Knows the root of the tree. Each stage's own error lies beside what raises it.

    StageError
    ├── ParamsError         params.yaml is wrong
    ├── IngestError         a file could not be had, or has changed
    │   └── YouTubeError    the Data API refused
    ├── SourceError         a file does not hold what its format promises
    ├── ValidationError     a source crosses a limit
    ├── PrepareError        nothing fit to learn from is left of a label
    ├── InapplicableError   a remedy for imbalance has no answer to the rows
    ├── CheckpointError     a checkpoint can't be loaded
    ├── LogError            what the backend exported can't be read
    ├── DriftError          whether anything drifted can't be told
    ├── NothingToLabelError it holds nothing whose label would be news
    ├── LabelError          comments can't be labelled, or not by two at once
    ├── ParityError         a graph does not do what the trained model does
    └── RegistryError       the registry can't be reached or holds something else
"""

from __future__ import annotations


class StageError(Exception):
    """A stage can't go on; the message says what is wrong and what to do."""


class IngestError(StageError):
    """A file could not be had, or is not the one that was pinned."""
