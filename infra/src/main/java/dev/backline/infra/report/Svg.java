package dev.backline.infra.report;

import java.util.List;

/** Boxes with text in them, and arrows between. Coordinates are those of the picture. */
final class Svg {

  private static final int LINE = 15;
  private static final int PADDING = 10;

  /** Of a character of small text, about. */
  private static final double CHARACTER = 5.7;

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private int bottom;

  Svg(int width) {
    this.width = width;
  }

  /** Where something is. */
  record Box(int x, int y, int width, int height) {

    int right() {
      return x + width;
    }

    int bottom() {
      return y + height;
    }

    int middle() {
      return x + width / 2;
    }
  }

  /** How high a card with so many lines is. */
  static int cardHeight(int lines) {
    return 2 * PADDING + LINE * (lines + 1);
  }

  void title(int x, int y, String text) {
    text("title", x, y, text);
  }

  void note(int x, int y, String text) {
    text("s", x, y, text);
  }

  /** A dashed area with a name. */
  void area(Box box, String name) {
    rectangle("area", box);
    text("name", box.x() + PADDING, box.y() + 18, name);
  }

  /** A filled box with a heading and lines, which are cut where they are too long. */
  Box card(String kind, int x, int y, int width, String heading, List<String> lines) {
    var box = new Box(x, y, width, cardHeight(lines.size()));
    rectangle(kind, box);
    int baseline = y + PADDING + 11;
    text("t", x + PADDING, baseline, heading);
    for (String line : lines) {
      baseline += LINE;
      text("s", x + PADDING, baseline, cut(line, width - 2 * PADDING));
    }
    return box;
  }

  /** Straight, with words beside its middle. */
  void arrow(int x1, int y1, int x2, int y2, String words) {
    body.append("  <path class=\"l\" d=\"M%d %d L%d %d\"/>\n".formatted(x1, y1, x2, y2));
    int y = y1 == y2 ? y1 - 5 : (y1 + y2) / 2 + 4;
    text("s", (x1 + x2) / 2 + (y1 == y2 ? -words.length() * 3 : 7), y, words);
  }

  String text(String title, String description) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" font-family="-apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif" role="img" aria-labelledby="title desc">
          <title id="title">%3$s</title>
          <desc id="desc">%4$s</desc>
          <defs>
            <marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#52606d"/></marker>
            <style>
              .area{fill:#f5f7fa;stroke:#cbd2d9;stroke-dasharray:5 4} .name{fill:#52606d;font-size:12.5px;font-weight:600}
              .svc{fill:#e3f0ff;stroke:#2f6fb7} .store{fill:#eaf7ec;stroke:#3b8f4c} .msg{fill:#fff3e0;stroke:#c77d15} .edge{fill:#f3e9fb;stroke:#7d4fb0} .net{fill:#eef1f4;stroke:#7b8794} .obs{fill:#fdecec;stroke:#b84a4a}
              .title{font-size:17px;font-weight:600;fill:#1f2933} .t{font-size:13px;font-weight:600;fill:#1f2933} .s{font-size:11px;fill:#3e4c59}
              .l{fill:none;stroke:#52606d;stroke-width:1.4;marker-end:url(#a)}
            </style>
          </defs>
          <rect width="%1$d" height="%2$d" fill="#ffffff" rx="8"/>
        %5$s</svg>
        """
        .formatted(width, bottom + 20, escaped(title), escaped(description), body);
  }

  private void rectangle(String kind, Box box) {
    body.append(
        "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n"
            .formatted(kind, box.x(), box.y(), box.width(), box.height()));
    bottom = Math.max(bottom, box.bottom());
  }

  private void text(String kind, int x, int y, String text) {
    if (!text.isEmpty()) {
      body.append(
          "  <text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n"
              .formatted(kind, x, y, escaped(text)));
      bottom = Math.max(bottom, y);
    }
  }

  private static String cut(String text, int width) {
    int characters = (int) (width / CHARACTER);
    return text.length() <= characters ? text : text.substring(0, characters - 1) + "…";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
