package dev.backline.beapi.link.web;

import dev.backline.beapi.link.IdempotencyKey;
import dev.backline.beapi.link.LinkProperties;
import dev.backline.beapi.link.bulk.LineResult;
import dev.backline.beapi.link.bulk.LinkImport;
import dev.backline.servicedefaults.Problems;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the request and writes the answer at the same time, without the message converters, which
 * hold bodies whole.
 */
@RestController
@Tag(name = "Links")
class LinkImportController {

  static final String CSV = "text/csv";
  static final String NDJSON = "application/x-ndjson";

  private final LinkImport imports;
  private final LinkProperties properties;
  private final JsonMapper json;

  LinkImportController(LinkImport imports, LinkProperties properties, JsonMapper json) {
    this.imports = imports;
    this.properties = properties;
    this.json = json;
  }

  @PostMapping(
      path = "/api/links/import",
      consumes = {CSV, NDJSON})
  @Operation(
      summary = "Import links",
      description =
          """
          CSV with the header `targetUrl[,code,expiresAt,campaign,note]`, or one JSON object per line; UTF-8, any \
          size, lines up to 16 KB. The answer has one JSON line per input line, in order: `{"line","code","shortUrl"}` \
          or `{"line","error":{"type","detail",…}}`; the last one is the summary \
          `{"imported","repeated","refused","total","complete"}`. Both directions are streamed: read the answer while \
          you send. With an Idempotency-Key the same file can be sent again after any failure; nothing is created \
          twice. When `complete` is false, or the summary is missing, do so.""",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              required = true,
              content = {
                @Content(mediaType = CSV, schema = @Schema(type = "string")),
                @Content(mediaType = NDJSON, schema = @Schema(type = "string"))
              }),
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Results, line by line",
              content = @Content(mediaType = NDJSON, schema = @Schema(type = "string"))))
  void importLinks(
      @Parameter(description = "Names the upload")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String idempotencyKey,
      @Parameter(hidden = true) @RequestHeader("Content-Type") MediaType contentType,
      @Parameter(hidden = true) Authentication caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var charset = contentType.getCharset();
    if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      throw Problems.of(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported-media-type",
          "Links are imported in UTF-8 only.");
    }
    var key = IdempotencyKey.ofHeader(idempotencyKey);
    var in = request.getInputStream();
    var upload = contentType.getSubtype().equals("csv") ? imports.csv(in) : imports.ndjson(in);

    response.setContentType(NDJSON);
    var out = new BufferedOutputStream(response.getOutputStream(), 32 * 1024);
    var summary = upload.run(caller.getName(), key, result -> write(out, line(result)));
    write(out, summary);
    out.flush();
  }

  private Object line(LineResult result) {
    var line = new LinkedHashMap<String, Object>();
    line.put("line", result.line());
    var created = result.created();
    if (created != null) {
      line.put("code", created.link().code().value());
      line.put("shortUrl", properties.shortUrl(created.link().code()));
    }
    if (result.problem() != null) {
      line.put("error", error(result.problem()));
    }
    return line;
  }

  private static Object error(RuntimeException problem) {
    var body = LinkProblems.of(problem).getBody();
    var error = new LinkedHashMap<String, Object>();
    error.put("type", body.getType());
    error.put("detail", body.getDetail());
    if (body.getProperties() != null) {
      error.putAll(body.getProperties());
    }
    return error;
  }

  private void write(OutputStream out, Object line) throws IOException {
    out.write(json.writeValueAsBytes(line));
    out.write('\n');
  }
}
