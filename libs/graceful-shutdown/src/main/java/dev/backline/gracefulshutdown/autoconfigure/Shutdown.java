package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.DrainSequence;
import dev.backline.gracefulshutdown.DrainableWork;
import dev.backline.gracefulshutdown.LameDuck;
import dev.backline.gracefulshutdown.ShutdownBudget;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import dev.backline.gracefulshutdown.ShutdownReport;
import dev.backline.gracefulshutdown.ShutdownReport.Step;
import dev.backline.gracefulshutdown.WorkOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shutdown that is under way, if one is. */
final class Shutdown implements ShutdownDeadline {

  private record Underway(Deadline deadline, DrainSequence drain) {}

  private final ShutdownBudget budget;
  private volatile List<DrainableWork> works = List.of();
  private volatile @Nullable Underway underway;
  private volatile @Nullable LameDuck lameDuck;
  private volatile @Nullable ShutdownReport report;
  private volatile boolean draining;

  Shutdown(ShutdownBudget budget) {
    this.budget = budget;
  }

  ShutdownBudget budget() {
    return budget;
  }

  List<DrainableWork> works() {
    return works;
  }

  /** The service begins, or begins again, as contexts do in tests and after a checkpoint. */
  synchronized void reset(List<DrainableWork> works) {
    this.works = works;
    underway = null;
    lameDuck = null;
    report = null;
    draining = false;
  }

  /** Starts the clock and stops what fetches, once; later calls return the same deadline. */
  synchronized Deadline begin() {
    return ensureUnderway().deadline();
  }

  private Underway ensureUnderway() {
    Underway current = underway;
    if (current == null) {
      Deadline deadline = Deadline.after(budget.total());
      current = new Underway(deadline, DrainSequence.begin(works, deadline, budget.flushReserve()));
      underway = current;
    }
    return current;
  }

  boolean begun() {
    return underway != null;
  }

  @Override
  public Optional<Deadline> current() {
    return Optional.ofNullable(underway).map(Underway::deadline);
  }

  /** Whether what comes before {@link #finish} is over. */
  boolean draining() {
    return draining;
  }

  void lameDuckWas(LameDuck ended) {
    lameDuck = ended;
  }

  /** Drains everything, now that HTTP has drained. */
  ShutdownReport finish() throws InterruptedException {
    draining = true;
    Underway current;
    synchronized (this) {
      current = ensureUnderway();
    }
    Duration sinceBegin = elapsed(current.deadline());
    List<WorkOutcome> outcomes = current.drain().finish();
    LameDuck before = lameDuck;
    Duration lameDuckElapsed = before == null ? Duration.ZERO : before.elapsed();
    List<Step> steps = new ArrayList<>();
    steps.add(new Step("lame-duck", lameDuckElapsed));
    steps.add(new Step("requests", sinceBegin.minus(lameDuckElapsed)));
    steps.addAll(current.drain().steps());
    var made =
        new ShutdownReport(
            elapsed(current.deadline()), current.deadline().remaining(), before, steps, outcomes);
    report = made;
    return made;
  }

  private Duration elapsed(Deadline deadline) {
    return budget.total().minus(deadline.remaining());
  }

  /** Absent as long as the drain has not ended. */
  @Nullable ShutdownReport report() {
    return report;
  }
}
