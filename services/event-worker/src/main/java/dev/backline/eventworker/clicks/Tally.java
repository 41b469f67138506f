package dev.backline.eventworker.clicks;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the clicks of a batch per link and hour, and per referrer.
 *
 * <p>The same batch must give the same updates in the same order on every worker and at every
 * delivery: chunks of it are marked as processed by number. A change here needs a new message type.
 */
final class Tally {

  /**
   * Referrers that one batch may name per link and hour; a visitor invents as many as they like.
   */
  static final int MOST_REFERRERS = 20;

  static final String DIRECT = "direct";

  /**
   * Referrers that are not the name of a host in a domain, and those beyond {@link
   * #MOST_REFERRERS}.
   */
  static final String OTHER = "other";

  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern HOST =
      Pattern.compile("(?=.{3,253}$)[a-z0-9]([a-z0-9-]{0,62})(\\.[a-z0-9]([a-z0-9-]{0,62}))+");

  private final SortedMap<Hour, SortedMap<String, Long>> hours = new TreeMap<>();
  private final SortedMap<Hour, SortedMap<String, Long>> referrers = new TreeMap<>();

  private Tally() {}

  static List<StatsUpdate> of(ClickBatch batch) {
    Tally tally = new Tally();
    batch.clicks().forEach(tally::add);
    return tally.updates();
  }

  private void add(Click click) {
    Hour hour = new Hour(click.code(), HOUR.format(click.at()));
    Map<String, Long> counts = hours.computeIfAbsent(hour, ignored -> new TreeMap<>());
    counts.merge(click.kind().text(), 1L, Long::sum);
    if (click.kind() == Click.Kind.PERSON) {
      String country = click.country() == null ? "unknown" : click.country();
      counts.merge("country." + country, 1L, Long::sum);
      counts.merge("device." + click.device().text(), 1L, Long::sum);
      referrers
          .computeIfAbsent(hour, ignored -> new TreeMap<>())
          .merge(host(click.referrer()), 1L, Long::sum);
    }
  }

  private List<StatsUpdate> updates() {
    List<StatsUpdate> updates = new ArrayList<>();
    hours.forEach(
        (hour, counts) -> {
          updates.add(new StatsUpdate(hour.code(), hour.text(), counts));
          bounded(referrers.getOrDefault(hour, new TreeMap<>()))
              .forEach(
                  (host, persons) ->
                      updates.add(
                          new StatsUpdate(
                              hour.code(),
                              hour.text() + "#referrer#" + host,
                              new TreeMap<>(Map.of(Click.Kind.PERSON.text(), persons)))));
        });
    return updates;
  }

  private static SortedMap<String, Long> bounded(SortedMap<String, Long> persons) {
    Set<String> named = new HashSet<>(Set.of(DIRECT, OTHER));
    persons.entrySet().stream()
        .filter(entry -> !named.contains(entry.getKey()))
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_REFERRERS)
        .toList()
        .forEach(entry -> named.add(entry.getKey()));
    SortedMap<String, Long> bounded = new TreeMap<>();
    persons.forEach(
        (host, count) -> bounded.merge(named.contains(host) ? host : OTHER, count, Long::sum));
    return bounded;
  }

  private static String host(@Nullable String referrer) {
    if (referrer == null) {
      return DIRECT;
    }
    String host = referrer.toLowerCase(Locale.ROOT);
    return HOST.matcher(host).matches() ? host : OTHER;
  }

  private record Hour(String code, String text) implements Comparable<Hour> {

    private static final Comparator<Hour> ORDER =
        Comparator.comparing(Hour::code).thenComparing(Hour::text);

    @Override
    public int compareTo(Hour other) {
      return ORDER.compare(this, other);
    }
  }
}
