package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Deadline;
import dev.backline.gracefulshutdown.IntakeStop;
import dev.backline.gracefulshutdown.LameDuck;
import dev.backline.gracefulshutdown.ShutdownBudget;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the shutdown that is under way, shared by its steps. */
final class Shutdown implements ShutdownDeadline {

  private final ShutdownBudget budget;
  private volatile @Nullable Deadline deadline;
  private volatile IntakeStop intakeStop = IntakeStop.begin(List.of());
  private volatile @Nullable LameDuck lameDuck;

  Shutdown(ShutdownBudget budget) {
    this.budget = budget;
  }

  ShutdownBudget budget() {
    return budget;
  }

  /** Starts the clock, once; later calls return the same deadline. */
  synchronized Deadline begin() {
    Deadline current = deadline;
    if (current == null) {
      current = Deadline.after(budget.total());
      deadline = current;
    }
    return current;
  }

  /**
   * A context that was stopped is started again, as tests and checkpoints do: nothing is under way.
   */
  synchronized void reset() {
    deadline = null;
    intakeStop = IntakeStop.begin(List.of());
    lameDuck = null;
  }

  @Override
  public Optional<Deadline> current() {
    return Optional.ofNullable(deadline);
  }

  boolean begun() {
    return deadline != null;
  }

  IntakeStop intakeStop() {
    return intakeStop;
  }

  void intakeStop(IntakeStop intakeStop) {
    this.intakeStop = intakeStop;
  }

  @Nullable LameDuck lameDuck() {
    return lameDuck;
  }

  void lameDuck(LameDuck lameDuck) {
    this.lameDuck = lameDuck;
  }
}
