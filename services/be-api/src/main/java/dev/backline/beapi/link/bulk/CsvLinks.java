package dev.backline.beapi.link.bulk;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.link.NewLink;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header of {@link #COLUMNS} in any order, {@code targetUrl} among them. One
 * difference: a quoted field cannot hold a line break. No field of a link may hold one either, and
 * so a quote that is never closed spoils its own line only, not the rest of the file.
 */
final class CsvLinks implements LinkFormat {

  static final List<String> COLUMNS = List.of("targetUrl", "code", "expiresAt", "campaign", "note");

  private static final CsvReaderBuilder READER =
      CsvReader.builder().skipEmptyLines(false).allowUnclosedQuote(false);

  private List<String> header = List.of();

  @Override
  public void begin(LineReader lines) throws IOException {
    var line = lines.next();
    if (line == null) {
      throw badHeader("the file is empty");
    }
    if (line.text() == null) {
      throw badHeader("the first line is too long or not UTF-8");
    }
    header = fields(line.text()).stream().map(String::strip).toList();
    if (!header.contains("targetUrl")) {
      throw badHeader("the first line names no column targetUrl");
    }
    if (!Set.copyOf(COLUMNS).containsAll(header)) {
      throw badHeader("the first line names other columns");
    }
    if (new HashSet<>(header).size() < header.size()) {
      throw badHeader("the first line names a column twice");
    }
  }

  @Override
  public NewLink parse(String line) {
    var fields = fields(line);
    if (fields.size() != header.size()) {
      throw new InvalidInput(
          "line",
          "has "
              + fields.size()
              + " fields where the header has "
              + header.size()
              + "; quote fields that hold commas");
    }
    return new NewLink(
        field(fields, "targetUrl"),
        field(fields, "code"),
        time(field(fields, "expiresAt")),
        field(fields, "campaign"),
        field(fields, "note"));
  }

  private @Nullable String field(List<String> fields, String column) {
    int index = header.indexOf(column);
    return index < 0 || fields.get(index).isEmpty() ? null : fields.get(index);
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new InvalidInput("expiresAt", "must be a time such as 2027-01-31T00:00:00Z");
    }
  }

  private static List<String> fields(String line) {
    // The parser would end the record there, and what follows would be lost in silence.
    if (line.indexOf('\r') >= 0) {
      throw new InvalidInput("line", "holds a carriage return; lines must end with LF or CR LF");
    }
    try {
      return READER.ofSingleCsvRecord(line).getFields();
    } catch (CsvParseException e) {
      throw new InvalidInput(
          "line", "is not CSV: a quote is never closed or stands inside of a field");
    }
  }

  private static InvalidInput badHeader(String fault) {
    return new InvalidInput(
        "header",
        "must be targetUrl and any of " + COLUMNS.subList(1, COLUMNS.size()) + ", but " + fault);
  }
}
