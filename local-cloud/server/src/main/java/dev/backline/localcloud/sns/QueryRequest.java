package dev.backline.localcloud.sns;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of the AWS Query protocol: a form whose lists and maps are flattened into numbered
 * names.
 */
public record QueryRequest(Map<String, String> parameters, @Nullable String traceHeader) {

  /**
   * Parses a form body.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static QueryRequest parse(String form, @Nullable String traceHeader) {
    var parameters = new LinkedHashMap<String, String>();
    for (var pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        var parts = pair.split("=", 2);
        parameters.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
      }
    }
    return new QueryRequest(parameters, traceHeader);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  public String action() {
    return parameters.getOrDefault("Action", "");
  }

  String required(String name) {
    var value = parameters.get(name);
    if (value == null || value.isEmpty()) {
      throw SnsException.invalid(name);
    }
    return value;
  }

  @Nullable String optional(String name) {
    var value = parameters.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The members of a list of structures, each as a request of its own. */
  List<QueryRequest> members(String list) {
    var members = new ArrayList<QueryRequest>();
    for (int i = 1; ; i++) {
      var member = below(list + ".member." + i + ".");
      if (member.parameters.isEmpty()) {
        return members;
      }
      members.add(member);
    }
  }

  Map<String, String> map(String name) {
    var entries = new LinkedHashMap<String, String>();
    for (int i = 1; parameters.containsKey(name + ".entry." + i + ".key"); i++) {
      entries.put(
          parameters.get(name + ".entry." + i + ".key"),
          parameters.getOrDefault(name + ".entry." + i + ".value", ""));
    }
    return entries;
  }

  Map<String, MessageAttribute> messageAttributes() {
    var attributes = new LinkedHashMap<String, MessageAttribute>();
    for (int i = 1; ; i++) {
      var entry = below("MessageAttributes.entry." + i + ".");
      if (entry.parameters.isEmpty()) {
        return attributes;
      }
      var type = entry.required("Value.DataType");
      var value =
          entry.required(type.startsWith("Binary") ? "Value.BinaryValue" : "Value.StringValue");
      attributes.put(entry.required("Name"), new MessageAttribute(type, value));
    }
  }

  private QueryRequest below(String prefix) {
    var found = new LinkedHashMap<String, String>();
    parameters.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return new QueryRequest(found, traceHeader);
  }
}
