package dev.backline.localcloud.sns;

import java.util.Map;
import java.util.UUID;

/** Writes the answers of the AWS Query protocol. */
final class Xml {

  private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

  private final StringBuilder text = new StringBuilder();

  Xml element(String name, String value) {
    text.append('<')
        .append(name)
        .append('>')
        .append(escape(value))
        .append("</")
        .append(name)
        .append('>');
    return this;
  }

  Xml open(String name) {
    text.append('<').append(name).append('>');
    return this;
  }

  Xml close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  Xml append(Xml other) {
    text.append(other.text);
    return this;
  }

  Xml map(String name, Map<String, String> entries) {
    open(name);
    entries.forEach(
        (key, value) -> open("entry").element("key", key).element("value", value).close("entry"));
    return close(name);
  }

  Reply reply(String action) {
    var requestId = UUID.randomUUID();
    return new Reply(
        200,
        "<"
            + action
            + "Response xmlns=\""
            + NAMESPACE
            + "\"><"
            + action
            + "Result>"
            + text
            + "</"
            + action
            + "Result><ResponseMetadata><RequestId>"
            + requestId
            + "</RequestId></ResponseMetadata></"
            + action
            + "Response>");
  }

  static Reply error(SnsException e) {
    var body =
        new Xml()
            .open("Error")
            .element("Type", "Sender")
            .element("Code", e.code())
            .element("Message", String.valueOf(e.getMessage()))
            .close("Error")
            .element("RequestId", UUID.randomUUID().toString());
    return new Reply(
        e.status(), "<ErrorResponse xmlns=\"" + NAMESPACE + "\">" + body.text + "</ErrorResponse>");
  }

  private static String escape(String value) {
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\r", "&#13;");
  }
}
