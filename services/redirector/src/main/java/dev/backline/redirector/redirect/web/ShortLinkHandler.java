package dev.backline.redirector.redirect.web;

import dev.backline.redirector.click.Visit;
import dev.backline.redirector.link.LinkCode;
import dev.backline.redirector.qr.QrCode;
import dev.backline.redirector.redirect.RedirectProperties.ShortLinks;
import dev.backline.redirector.redirect.Redirects;
import dev.backline.redirector.redirect.Redirects.Destination;
import dev.backline.redirector.redirect.web.ShortPath.Kind;
import dev.backline.xraytracing.TraceContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalInt;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Answers every path of the short-link host. A plain handler rather than controller methods: the
 * whole host is one pattern, paths are taken as they were sent, and nothing is looked up per
 * request but the link.
 *
 * <p>The query of a short URL is not forwarded: a target means what its owner wrote.
 */
final class ShortLinkHandler implements HttpRequestHandler {

  private static final String HTML = "text/html;charset=utf-8";
  private static final String PROBLEM = "application/problem+json";

  /** Seconds. A redirector tries a failing store again after one. */
  private static final String RETRY_AFTER = "5";

  /**
   * Allowed on purpose: a crawler that may not fetch a link never sees its noindex, and draws no
   * card.
   */
  private static final byte[] ROBOTS =
      "User-agent: *\nDisallow:\n".getBytes(StandardCharsets.US_ASCII);

  private final Redirects redirects;
  private final TrustedProxies trustedProxies;
  private final ShortLinks shortLinks;
  private final TraceContext trace;

  ShortLinkHandler(
      Redirects redirects,
      TrustedProxies trustedProxies,
      ShortLinks shortLinks,
      TraceContext trace) {
    this.redirects = redirects;
    this.trustedProxies = trustedProxies;
    this.shortLinks = shortLinks;
    this.trace = trace;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ShortPath path = ShortPath.parse(request.getRequestURI());
    ServerHttpObservationFilter.findObservationContext(request)
        .ifPresent(context -> context.setPathPattern(path.kind().pattern()));
    response.setHeader("X-Robots-Tag", "noindex");
    response.setHeader("X-Content-Type-Options", "nosniff");
    boolean get = request.getMethod().equals("GET");
    if (!get && !request.getMethod().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      answer(request, response, Notice.METHOD);
      return;
    }
    switch (path.kind()) {
      case REDIRECT -> redirect(request, response, codeOf(path), get);
      case PREVIEW -> preview(request, response, codeOf(path));
      case PNG, SVG -> picture(request, response, codeOf(path), path.kind());
      case HOME -> {
        response.setHeader("Vary", "Accept-Language");
        page(
            response,
            Pages.home(Language.of(request.getHeader("Accept-Language"))),
            "public, max-age=3600");
      }
      case ROBOTS -> body(response, "text/plain", ROBOTS, "public, max-age=86400");
      case FAVICON -> {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Cache-Control", "public, max-age=86400");
      }
      case UNKNOWN -> answer(request, response, Notice.NOT_FOUND);
      case MALFORMED -> answer(request, response, Notice.BAD_ADDRESS);
    }
  }

  private static LinkCode codeOf(ShortPath path) {
    return Objects.requireNonNull(path.code());
  }

  private void redirect(
      HttpServletRequest request, HttpServletResponse response, LinkCode code, boolean counted)
      throws IOException {
    switch (redirects.find(code)) {
      case Destination.Target(String url) -> {
        if (counted) {
          redirects.followed(code, visit(request), trace.currentHeader().orElse(null));
        }
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", Location.of(url));
        // A cache that answers for us would hide clicks, and keep links alive that were taken down.
        response.setHeader("Cache-Control", "private, no-store");
        response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
        response.setContentLength(0);
      }
      case Destination.Nowhere nowhere -> answer(request, response, noticeOf(nowhere));
    }
  }

  private Visit visit(HttpServletRequest request) {
    String purpose = request.getHeader("Sec-Purpose");
    String country = request.getHeader("CloudFront-Viewer-Country");
    return new Visit(
        request.getHeader("User-Agent"),
        request.getHeader("Referer"),
        purpose == null ? request.getHeader("Purpose") : purpose,
        country != null && trustedProxies.contains(request.getRemoteAddr()) ? country : null);
  }

  private void preview(HttpServletRequest request, HttpServletResponse response, LinkCode code)
      throws IOException {
    switch (redirects.find(code)) {
      case Destination.Target(String url) -> {
        Language language = Language.of(request.getHeader("Accept-Language"));
        response.setHeader("Vary", "Accept-Language");
        page(
            response, Pages.preview(language, pathOf(code), Location.of(url)), "private, no-store");
      }
      case Destination.Nowhere nowhere -> answer(request, response, noticeOf(nowhere));
    }
  }

  private void picture(
      HttpServletRequest request, HttpServletResponse response, LinkCode code, Kind kind)
      throws IOException {
    OptionalInt size = QrSize.of(request.getQueryString());
    if (size.isEmpty()) {
      answer(request, response, Notice.BAD_SIZE);
      return;
    }
    switch (redirects.find(code)) {
      case Destination.Target _ -> {
        QrCode picture = QrCode.of(shortLinks.origin() + pathOf(code));
        boolean png = kind == Kind.PNG;
        response.setHeader("Content-Security-Policy", "default-src 'none'");
        body(
            response,
            png ? "image/png" : "image/svg+xml",
            png ? picture.png(size.getAsInt()) : picture.svg(size.getAsInt()),
            // The picture never changes; that the link ends shows within the hour.
            "public, max-age=3600");
      }
      case Destination.Nowhere nowhere -> answer(request, response, noticeOf(nowhere));
    }
  }

  private static String pathOf(LinkCode code) {
    return Location.of("/" + code.value());
  }

  private static Notice noticeOf(Destination.Nowhere nowhere) {
    return switch (nowhere) {
      case UNKNOWN -> Notice.NOT_FOUND;
      case GONE -> Notice.GONE;
      case UNAVAILABLE -> Notice.UNAVAILABLE;
    };
  }

  private static void answer(
      HttpServletRequest request, HttpServletResponse response, Notice notice) throws IOException {
    Format format = Format.of(request.getHeader("Accept"));
    response.setStatus(notice.status());
    response.setHeader("Vary", "Accept, Accept-Language");
    if (notice == Notice.UNAVAILABLE) {
      response.setHeader("Retry-After", RETRY_AFTER);
    }
    String body = notice.body(format, Language.of(request.getHeader("Accept-Language")));
    if (format == Format.HTML) {
      page(response, body, notice.cacheControl());
    } else {
      body(response, PROBLEM, body.getBytes(StandardCharsets.UTF_8), notice.cacheControl());
    }
  }

  private static void page(HttpServletResponse response, String page, String cacheControl)
      throws IOException {
    response.setHeader("Content-Security-Policy", Pages.CONTENT_SECURITY_POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    body(response, HTML, page.getBytes(StandardCharsets.UTF_8), cacheControl);
  }

  private static void body(
      HttpServletResponse response, String type, byte[] body, String cacheControl)
      throws IOException {
    response.setContentType(type);
    response.setHeader("Cache-Control", cacheControl);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
