"""What is there when a worker has started is not looked through again."""

import gc

from touchline.worker.start import COLLECT_AFTER, calm_collector


def test_what_is_there_at_the_start_is_never_walked_again() -> None:
    before = gc.get_threshold()
    here = {"is": ["tracked"]}
    try:
        calm_collector()
        assert gc.get_threshold() == COLLECT_AFTER
        assert gc.get_freeze_count() > 10_000
        assert not any(one is here for one in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
