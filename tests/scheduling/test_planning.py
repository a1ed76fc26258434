"""Planning: what becomes of each due time, at the moment of a tick."""

from datetime import UTC, datetime, timedelta

from partnerctl.domain.slots import Slot
from partnerctl.scheduling.entries import Schedule
from partnerctl.scheduling.planning import Outcome, close, plan

SEVEN = datetime(2026, 11, 23, 7, tzinfo=UTC)
SUPERSEDED = "a later due time ran instead"


def schedule(catchup: str = "latest", deadline: timedelta | None = None) -> Schedule:
    return Schedule("daily", "devices", "0 7 * * *", "UTC", catchup=catchup, start_deadline=deadline)


def days(count: int) -> list[datetime]:
    """Return so many due times, one a day, of which the last is SEVEN."""
    return [SEVEN - timedelta(days=ago) for ago in reversed(range(count))]


def slot(due: datetime, status: str, **changed: object) -> Slot:
    plain = Slot(1, "daily", due, status, 1, None, None, None, None)
    return plain._replace(**changed)  # type: ignore[arg-type] # of the fields' own types


def statuses(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [one.status for one in outcomes]


def test_what_is_due_now_is_run() -> None:
    planned = plan(schedule(), [SEVEN], [], SEVEN)

    assert planned.new == (Outcome(SEVEN, "waiting"),)
    assert planned.moved == ()


def test_after_downtime_the_newest_runs_and_older_ones_are_missed() -> None:
    one, two, three = days(3)

    assert plan(schedule(), days(3), [], SEVEN + timedelta(hours=5)).new == (
        Outcome(one, "missed", SUPERSEDED),
        Outcome(two, "missed", SUPERSEDED),
        Outcome(three, "waiting"),
    )


def test_without_catching_up_only_what_is_on_time_runs() -> None:
    late = plan(schedule("none"), days(2), [], SEVEN + timedelta(minutes=6))
    in_time = plan(schedule("none"), [SEVEN], [], SEVEN + timedelta(minutes=5))

    assert statuses(late.new) == ["missed", "missed"]
    assert late.new[-1].reason == "no tick came within 5m of it"
    assert statuses(in_time.new) == ["waiting"]


def test_catching_up_with_all_runs_ten_at_most() -> None:
    planned = plan(schedule("all"), days(12), [], SEVEN)

    assert statuses(planned.new) == ["missed"] * 2 + ["waiting"] * 10


def test_later_than_the_start_deadline_nothing_runs() -> None:
    planned = plan(schedule(deadline=timedelta(hours=6)), days(2), [], SEVEN + timedelta(hours=6, minutes=1))

    assert planned.new[-1] == Outcome(SEVEN, "missed", "later than its start deadline of 6h")
    assert statuses(plan(schedule(deadline=timedelta(hours=6)), [SEVEN], [], SEVEN).new) == ["waiting"]


def test_while_the_one_before_is_running_the_next_is_skipped() -> None:
    running = slot(SEVEN - timedelta(days=1), "running", lease_until=SEVEN + timedelta(minutes=5))

    assert statuses(plan(schedule(), [SEVEN], [running], SEVEN).new) == ["skipped_overlap"]
    assert statuses(plan(schedule("all"), [SEVEN], [running], SEVEN).new) == ["waiting"]


def test_a_run_that_died_is_taken_up_once() -> None:
    dead = slot(SEVEN, "running", lease_until=SEVEN + timedelta(minutes=5))
    later = SEVEN + timedelta(minutes=6)

    (again,) = plan(schedule(), [], [dead], later).moved
    (ended,) = plan(schedule(), [], [dead._replace(attempt=2)], later).moved

    assert (again.status, again.reason) == ("waiting", None)
    assert (ended.status, ended.reason) == ("failed", "interrupted: the run that had it died")


def test_a_run_that_died_makes_way_for_a_later_due_time() -> None:
    dead = slot(SEVEN - timedelta(days=1), "running", lease_until=SEVEN - timedelta(days=1))

    planned = plan(schedule(), [SEVEN], [dead], SEVEN)

    assert statuses(planned.new) == ["waiting"]
    assert [one.status for one in planned.moved] == ["failed"]


def test_a_retry_makes_way_for_a_later_due_time() -> None:
    retrying = slot(SEVEN - timedelta(days=1), "retrying", retry_at=SEVEN, error="no answer")

    (moved,) = plan(schedule(), [SEVEN], [retrying], SEVEN).moved

    assert (moved.status, moved.reason) == ("failed", f"no answer; {SUPERSEDED}")
    assert plan(schedule(), [], [retrying], SEVEN).moved == ()


def test_what_waits_since_an_earlier_tick_is_looked_at_again() -> None:
    waiting = slot(SEVEN - timedelta(days=1), "waiting")

    planned = plan(schedule(), [SEVEN], [waiting], SEVEN)

    assert planned.new == (Outcome(SEVEN, "waiting"),)
    assert [(one.status, one.reason) for one in planned.moved] == [("missed", SUPERSEDED)]


def test_what_is_open_of_a_removed_schedule_ends() -> None:
    waiting, dead = slot(SEVEN, "waiting"), slot(SEVEN, "running", lease_until=SEVEN)
    alive = slot(SEVEN, "running", lease_until=SEVEN + timedelta(minutes=1))

    decided = close([waiting, dead, alive], "the schedule was removed", SEVEN)

    assert [(one.status, one.reason) for one in decided] == [
        ("missed", "the schedule was removed"),
        ("failed", "the schedule was removed"),
    ]
