package dev.backline.beapi.link.bulk;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.link.IdempotencyKey;
import dev.backline.beapi.link.LinkProblem;
import dev.backline.beapi.link.Links;
import dev.backline.beapi.link.RefusedTarget;
import dev.backline.gracefulshutdown.ShutdownDeadline;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates a link for every line of a file. A fixed number of lines is in flight, results come in
 * the order of the lines, and nothing else is held in memory, so a file may have any size. Each
 * line has a key of its own, made of the upload's key and the line's number: sending a file again
 * creates nothing twice.
 */
@Component
public class LinkImport {

  private static final Logger log = LoggerFactory.getLogger(LinkImport.class);

  private final Links links;
  private final JsonMapper json;
  private final LinkImportProperties properties;
  private final ShutdownDeadline shutdown;

  LinkImport(
      Links links, JsonMapper json, LinkImportProperties properties, ShutdownDeadline shutdown) {
    this.links = links;
    this.json = json;
    this.properties = properties;
    this.shutdown = shutdown;
  }

  /** A file whose beginning was found to be right. */
  public interface Upload {

    /**
     * Creates the links.
     *
     * @throws IOException when the file cannot be read to its end or the sink cannot take a result;
     *     what was created until then stays
     */
    ImportSummary run(String owner, IdempotencyKey key, LineResult.Sink sink) throws IOException;
  }

  /** Begins to read CSV; refuses a file without the right header before anything is written. */
  public Upload csv(InputStream in) throws IOException {
    return begin(in, new CsvLinks());
  }

  /** Begins to read JSON lines. */
  public Upload ndjson(InputStream in) throws IOException {
    return begin(in, new NdjsonLinks(json));
  }

  private Upload begin(InputStream in, LinkFormat format) throws IOException {
    var lines = new LineReader(in, Math.toIntExact(properties.maxLine().toBytes()));
    format.begin(lines);
    return (owner, key, sink) -> new Run(lines, format, owner, key, sink).toEnd();
  }

  /** One upload; used by one thread. */
  private final class Run {

    private final LineReader lines;
    private final LinkFormat format;
    private final String owner;
    private final IdempotencyKey key;
    private final LineResult.Sink sink;
    private final Queue<Future<LineResult>> inFlight = new ArrayDeque<>();
    private long imported;
    private long repeated;
    private long refused;
    private int failuresInARow;

    Run(
        LineReader lines,
        LinkFormat format,
        String owner,
        IdempotencyKey key,
        LineResult.Sink sink) {
      this.lines = lines;
      this.format = format;
      this.owner = owner;
      this.key = key;
      this.sink = sink;
    }

    ImportSummary toEnd() throws IOException {
      boolean complete = false;
      try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
        while (!mustStop()) {
          var line = lines.next();
          if (line == null) {
            complete = true;
            break;
          }
          submit(workers, line);
          if (inFlight.size() >= properties.linesInFlight()) {
            report(inFlight.remove());
          }
        }
        while (!inFlight.isEmpty()) {
          report(inFlight.remove());
        }
      }
      return new ImportSummary(
          imported, repeated, refused, imported + repeated + refused, complete);
    }

    /** On a stop a long upload is told in time to send the rest to another instance. */
    private boolean mustStop() {
      return failuresInARow >= properties.maxFailuresInARow()
          || shutdown
              .current()
              .filter(deadline -> deadline.remainingBefore(properties.stopReserve()).isZero())
              .isPresent();
    }

    private void submit(ExecutorService workers, Line line) {
      inFlight.add(workers.submit(() -> create(line)));
    }

    private LineResult create(Line line) {
      try {
        if (line.text() == null) {
          throw new InvalidInput("line", String.valueOf(line.fault()));
        }
        var request = format.parse(line.text());
        return new LineResult(
            line.number(), links.create(request, owner, key.line(line.number())), null);
      } catch (RuntimeException e) {
        return new LineResult(line.number(), null, e);
      }
    }

    private void report(Future<LineResult> future) throws IOException {
      var result = await(future);
      var created = result.created();
      if (created == null) {
        refused++;
      } else if (created.repeated()) {
        repeated++;
      } else {
        imported++;
      }
      failuresInARow = isFailure(result.problem()) ? failuresInARow + 1 : 0;
      if (failuresInARow == 1) {
        log.warn("Line {} of an import could not be stored", result.line(), result.problem());
      }
      sink.accept(result);
    }

    private static boolean isFailure(@Nullable RuntimeException problem) {
      return switch (problem) {
        case null -> false;
        case InvalidInput _, RefusedTarget _, LinkProblem _ -> false;
        default -> true;
      };
    }

    private static LineResult await(Future<LineResult> future) throws IOException {
      try {
        return future.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted", e);
      }
    }
  }
}
