package dev.backline.beapi.link.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.input.Page;
import dev.backline.beapi.link.Link;
import dev.backline.beapi.link.LinkProperties;
import dev.backline.beapi.link.Links;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Writes all links of the caller, page by page, so that their number does not matter. */
@RestController
@Tag(name = "Links")
class LinkExportController {

  private final Links links;
  private final LinkProperties properties;
  private final JsonMapper json;

  LinkExportController(Links links, LinkProperties properties, JsonMapper json) {
    this.links = links;
    this.properties = properties;
    this.json = json;
  }

  @GetMapping("/api/links/export")
  @Operation(
      summary = "Export the caller's links, newest first, without deleted ones",
      description =
          "`ndjson` has links as the API shows them; `csv` has the columns of the import.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "All links, streamed",
              content = {
                @Content(
                    mediaType = LinkImportController.NDJSON,
                    schema = @Schema(type = "string")),
                @Content(mediaType = LinkImportController.CSV, schema = @Schema(type = "string"))
              }))
  void export(
      @Parameter(schema = @Schema(allowableValues = {"ndjson", "csv"}))
          @RequestParam(defaultValue = "ndjson")
          String format,
      @Parameter(hidden = true) Authentication caller,
      HttpServletResponse response)
      throws IOException {
    boolean csv = format.equals("csv");
    if (!csv && !format.equals("ndjson")) {
      throw new InvalidInput("format", "must be ndjson or csv");
    }
    // Read before the first byte is written, so that a store that is down gives a clean error.
    var first = page(caller, null);
    response.setContentType(
        (csv ? LinkImportController.CSV : LinkImportController.NDJSON) + ";charset=UTF-8");
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"links." + format + "\"");
    try (var out =
        new BufferedWriter(
            new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8),
            32 * 1024)) {
      if (csv) {
        writeCsv(out, first, caller);
      } else {
        writeNdjson(out, first, caller);
      }
    }
  }

  private void writeNdjson(Writer out, Page<Link> first, Authentication caller) throws IOException {
    for (var page = first; page != null; page = next(page, caller)) {
      for (var link : page.items()) {
        out.write(json.writeValueAsString(LinkView.of(link, properties, links.now())));
        out.write('\n');
      }
    }
  }

  private void writeCsv(Writer out, Page<Link> first, Authentication caller) throws IOException {
    var csv = CsvWriter.builder().build(out);
    csv.writeRecord("targetUrl", "code", "expiresAt", "campaign", "note");
    for (var page = first; page != null; page = next(page, caller)) {
      for (var link : page.items()) {
        csv.writeRecord(
            link.targetUrl(),
            link.code().value(),
            Objects.toString(link.expiresAt(), ""),
            Objects.toString(link.campaign(), ""),
            Objects.toString(link.note(), ""));
      }
    }
    csv.flush();
  }

  private @Nullable Page<Link> next(Page<Link> page, Authentication caller) {
    return page.next() == null ? null : page(caller, page.next());
  }

  private Page<Link> page(Authentication caller, @Nullable Cursor after) {
    return links.list(caller.getName(), after, Links.MAX_LIMIT);
  }
}
