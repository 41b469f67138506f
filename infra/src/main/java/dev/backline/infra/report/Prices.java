package dev.backline.infra.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The file of prices: {@code name = US dollars, per hour or month}. */
record Prices(Path file, Properties all) {

  /** From the directory of this module. */
  static final Path FILE = Path.of("prices.properties");

  private static final double HOURS_A_MONTH = 730;

  static Prices read(Path file) {
    var all = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      all.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Prices(file, all);
  }

  /**
   * US dollars for one unit that runs all month.
   *
   * @throws IllegalStateException where the file has no such price
   */
  double monthly(String name) {
    String price = all.getProperty(name);
    if (price == null || !price.matches("\\d+(\\.\\d+)? (hour|month)")) {
      throw new IllegalStateException(
          "%s has no price '%s': add a line like \"%s = 0.05 hour\"".formatted(file, name, name));
    }
    double amount = Double.parseDouble(price.substring(0, price.indexOf(' ')));
    return price.endsWith("hour") ? amount * HOURS_A_MONTH : amount;
  }

  /** When the prices were written down, and whether anybody has compared them with AWS's. */
  String date() {
    return all.getProperty("date");
  }

  String region() {
    return all.getProperty("region");
  }
}
