"""The garbage collector of a worker skips the objects that exist when it starts."""

import gc

from touchline.worker.start import GC_THRESHOLDS, tune_garbage_collector


def test_objects_that_exist_at_the_start_are_frozen() -> None:
    before = gc.get_threshold()
    existing = {"is": ["tracked"]}
    try:
        tune_garbage_collector()
        assert gc.get_threshold() == GC_THRESHOLDS
        assert gc.get_freeze_count() > 10_000
        assert not any(one is existing for one in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
