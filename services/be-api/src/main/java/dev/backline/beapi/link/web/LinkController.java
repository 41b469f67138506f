package dev.backline.beapi.link.web;

import dev.backline.beapi.input.Cursor;
import dev.backline.beapi.input.web.Preconditions;
import dev.backline.beapi.link.IdempotencyKey;
import dev.backline.beapi.link.Link;
import dev.backline.beapi.link.LinkProperties;
import dev.backline.beapi.link.Links;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

@RestController
@RequestMapping("/api/links")
@Tag(
    name = "Links",
    description = "Short links of the caller. The owner is the subject of the token.")
class LinkController {

  private static final String REPEATED = "Idempotent-Replayed";

  private final Links links;
  private final LinkProperties properties;

  LinkController(Links links, LinkProperties properties) {
    this.links = links;
    this.properties = properties;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      summary = "Create a link",
      description =
          """
          400 `target-refused` with a `reason` when the target is not acceptable, 409 `code-taken`. With an \
          Idempotency-Key the request can be repeated safely: the same link is returned, with the header \
          `Idempotent-Replayed: true`; 422 `idempotency-key-reused` when the request is a different one.""")
  ResponseEntity<LinkView> create(
      @RequestBody LinkRequest request,
      @Parameter(
              description =
                  "1 to 255 visible ASCII characters, such as a UUID; valid for 90 days at least")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String idempotencyKey,
      Authentication caller) {
    var created =
        links.create(
            request.toNewLink(), caller.getName(), IdempotencyKey.ofHeader(idempotencyKey));
    var code = created.link().code().value();
    var answer =
        ResponseEntity.status(HttpStatus.CREATED)
            .header(
                HttpHeaders.LOCATION,
                "/api/links/" + UriUtils.encodePathSegment(code, StandardCharsets.UTF_8))
            .eTag(Preconditions.tag(created.link().version()));
    if (created.repeated()) {
      answer.header(REPEATED, "true");
    }
    return answer.body(view(created.link()));
  }

  @GetMapping("/{code}")
  @Operation(
      summary = "Read a link",
      description =
          "404 `link-not-found` for links of others too; 410 `link-deleted` after deletion.")
  ResponseEntity<LinkView> get(@PathVariable String code, Authentication caller) {
    return answer(links.get(LinkProblems.code(code), caller.getName()));
  }

  @GetMapping
  @Operation(summary = "List the caller's links, newest first")
  LinkPage list(
      @Parameter(description = "nextCursor of the page before") @RequestParam(required = false)
          @Nullable String cursor,
      @Parameter(description = "1 to 100") @RequestParam(defaultValue = "20") int limit,
      Authentication caller) {
    var page = links.list(caller.getName(), Cursor.parse(cursor), limit);
    var next = page.next();
    return new LinkPage(
        page.items().stream().map(this::view).toList(), next == null ? null : next.token());
  }

  @PatchMapping("/{code}")
  @Operation(
      summary = "Change target, expiry, note, or disable a link",
      description =
          "If-Match is optional; with it, 412 when the link has changed since it was read.",
      requestBody =
          @io.swagger.v3.oas.annotations.parameters.RequestBody(
              content = @Content(schema = @Schema(implementation = LinkPatch.Document.class))))
  ResponseEntity<LinkView> change(
      @PathVariable String code,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody LinkPatch patch,
      Authentication caller) {
    var match = Preconditions.ifMatch(ifMatch);
    return answer(links.change(LinkProblems.code(code), caller.getName(), match, patch.toChange()));
  }

  @DeleteMapping("/{code}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      summary = "Delete a link",
      description =
          "It answers 410 from then on, here and on the short-link host; its code stays taken for 90 days.")
  void delete(
      @PathVariable String code,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      Authentication caller) {
    links.delete(LinkProblems.code(code), caller.getName(), Preconditions.ifMatch(ifMatch));
  }

  private ResponseEntity<LinkView> answer(Link link) {
    return ResponseEntity.ok().eTag(Preconditions.tag(link.version())).body(view(link));
  }

  private LinkView view(Link link) {
    return LinkView.of(link, properties, links.now());
  }
}
