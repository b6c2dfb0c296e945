import threading
from datetime import timedelta

from django.db import connection, connections, transaction
from django.test import TestCase, TransactionTestCase

from kezhan.audit.models import SEALED_FIELDS, ChainHead, Event, Seal, SealerMark
from kezhan.audit.rules import GENESIS, seal_hash
from kezhan.audit.sealing import LAG_COUNTED_TO, seal_pending, sealing_lag

from .factories import NOW, make_events


class SealingTest(TestCase):
    def test_each_event_once_each_group_its_chain_no_gap(self):
        make_events(3, group_id=8)
        make_events(2)
        make_events(2, group_id=8)
        self.assertEqual(seal_pending(now=NOW), 7)
        self.assertEqual(seal_pending(now=NOW), 0)
        links = list(Seal.objects.order_by("chain", "seq").values_list("chain", "seq", "event_id"))
        ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
        self.assertEqual(
            links,
            [(0, 1, ids[3]), (0, 2, ids[4])] + [(8, n + 1, ids[at]) for n, at in enumerate((0, 1, 2, 5, 6))],
        )
        head = ChainHead.objects.get(chain=8)
        self.assertEqual((head.seq, head.hash), (5, Seal.objects.get(chain=8, seq=5).hash))

    def test_batches_continue_the_chain(self):
        make_events(5)
        self.assertEqual([seal_pending(now=NOW, limit=2) for _ in range(4)], [2, 2, 1, 0])
        seals = list(Seal.objects.order_by("seq"))
        self.assertEqual([seal.prev_hash for seal in seals], [GENESIS] + [seal.hash for seal in seals[:-1]])

    def test_the_hash_is_over_the_stored_row(self):
        event = make_events(1)[0]
        seal_pending(now=NOW)
        content = Event.objects.values_list(*SEALED_FIELDS).get(pk=event.pk)
        self.assertEqual(Seal.objects.get().hash, seal_hash(0, 1, GENESIS, content))

    def test_lengths_keep_neighbours_apart(self):
        self.assertNotEqual(seal_hash(0, 1, GENESIS, ["ab", "c"]), seal_hash(0, 1, GENESIS, ["a", "bc"]))
        self.assertNotEqual(seal_hash(0, 1, GENESIS, ["", None]), seal_hash(0, 1, GENESIS, [None, ""]))

    def test_lag_is_visible(self):
        self.assertEqual(sealing_lag(NOW), (0, timedelta()))
        first = make_events(3)[0]
        count, age = sealing_lag(first.recorded_at + timedelta(seconds=9))
        self.assertEqual((count, age), (3, timedelta(seconds=9)))
        self.assertGreater(LAG_COUNTED_TO, count)
        seal_pending(now=NOW)
        self.assertEqual(sealing_lag(NOW), (0, timedelta()))

    def test_an_idle_pass_writes_nothing(self):
        make_events(1)
        for _ in range(3):
            seal_pending(now=NOW)
        before = SealerMark.objects.values().get()
        seal_pending(now=NOW)
        self.assertEqual(SealerMark.objects.values().get(), before)


class OutOfOrderTest(TransactionTestCase):
    """Two connections: the later id is committed, and sealed, before the earlier one."""

    def setUp(self):
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has one writer: ids follow commits")

    def test_an_event_committed_late_is_sealed_all_the_same(self):
        written, may_commit = threading.Event(), threading.Event()

        def slow_clerk():
            with transaction.atomic():
                make_events(1, verb="slow.clerk")
                written.set()
                may_commit.wait(10)
            connections.close_all()

        clerk = threading.Thread(target=slow_clerk)
        clerk.start()
        written.wait(10)
        make_events(1, verb="quick.clerk")
        for _ in range(4):  # the sealer passes again and again while the slow transaction is open
            seal_pending(now=NOW)
        self.assertEqual(list(Seal.objects.values_list("event__verb", flat=True)), ["quick.clerk"])
        late = Event.objects.get(verb="quick.clerk").pk
        self.assertLess(SealerMark.objects.get().settled_event, late)
        may_commit.set()
        clerk.join()
        seal_pending(now=NOW)
        sealed = list(Seal.objects.order_by("seq").values_list("event__verb", flat=True))
        self.assertEqual(sealed, ["quick.clerk", "slow.clerk"])
        for _ in range(2):
            seal_pending(now=NOW)
        self.assertEqual(SealerMark.objects.get().settled_event, late)


class TwoSealersTest(TransactionTestCase):
    def test_two_sealers_and_writers_at_once_never_seal_twice(self):
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has one writer")
        stop, faults = threading.Event(), []

        def run(work):
            try:
                work()
            except Exception as fault:  # noqa: BLE001
                faults.append(fault)
            finally:
                connections.close_all()

        def write():
            for _ in range(20):
                make_events(10, group_id=5)

        def seal():
            while not stop.is_set():
                seal_pending(now=NOW, limit=37)

        writers = [threading.Thread(target=run, args=(write,)) for _ in range(2)]
        sealers = [threading.Thread(target=run, args=(seal,)) for _ in range(2)]
        for thread in writers + sealers:
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in sealers:
            thread.join()
        while seal_pending(now=NOW):
            pass
        self.assertEqual(faults, [])
        numbers = list(Seal.objects.order_by("seq").values_list("seq", flat=True))
        self.assertEqual(numbers, list(range(1, 401)))
