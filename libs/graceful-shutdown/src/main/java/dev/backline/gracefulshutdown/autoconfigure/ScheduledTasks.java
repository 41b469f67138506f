package dev.backline.gracefulshutdown.autoconfigure;

import dev.backline.gracefulshutdown.Intake;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.support.ScheduledTaskObservationContext;

/**
 * {@code @Scheduled} methods: no run begins once the lame duck has, and those that run are awaited.
 * Spring observes each run, whichever scheduler it is on.
 */
final class ScheduledTasks implements Intake, ObservationHandler<ScheduledTaskObservationContext> {

  private final ObjectProvider<ScheduledTaskHolder> holders;
  private final Map<Observation.Context, Thread> runs = new ConcurrentHashMap<>();

  ScheduledTasks(ObjectProvider<ScheduledTaskHolder> holders) {
    this.holders = holders;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof ScheduledTaskObservationContext;
  }

  @Override
  public void onStart(ScheduledTaskObservationContext context) {
    runs.put(context, Thread.currentThread());
  }

  @Override
  public void onStop(ScheduledTaskObservationContext context) {
    runs.remove(context);
  }

  @Override
  public String name() {
    return "scheduled-tasks";
  }

  @Override
  public void stopIntake() {
    holders.stream()
        .flatMap(holder -> holder.getScheduledTasks().stream())
        .forEach(task -> task.cancel(false));
  }

  @Override
  public int inFlight() {
    return runs.size();
  }

  @Override
  public Collection<Thread> threads() {
    return List.copyOf(runs.values());
  }
}
