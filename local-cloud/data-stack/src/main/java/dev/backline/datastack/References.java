package dev.backline.datastack;

import dev.backline.datastack.Creation.Identity;
import dev.backline.datastack.Template.Resource;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Replaces {@code Ref} and {@code Fn::GetAtt} by what they name. */
final class References {

  private final BiFunction<Resource, String, Identity> identities;

  References(BiFunction<Resource, String, Identity> identities) {
    this.identities = identities;
  }

  JsonNode resolve(Resource resource) {
    return resolve(resource, resource.properties());
  }

  private JsonNode resolve(Resource from, JsonNode value) {
    if (value.isArray()) {
      var resolved = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> resolved.add(resolve(from, element)));
      return resolved;
    }
    if (!value.isObject()) {
      return value;
    }
    if (value.size() == 1) {
      var name = value.propertyNames().iterator().next();
      if (name.equals("Ref")) {
        return text(reference(from, value.path(name).asString("")).ref());
      }
      if (name.equals("Fn::GetAtt")) {
        return text(attribute(from, value.path(name)));
      }
      if (name.startsWith("Fn::")) {
        throw from.invalid(name + " is not supported; supported are Ref and Fn::GetAtt");
      }
    }
    var resolved = JsonNodeFactory.instance.objectNode();
    for (var property : value.properties()) {
      resolved.set(property.getKey(), resolve(from, property.getValue()));
    }
    return resolved;
  }

  private Identity reference(Resource from, String logicalId) {
    if (logicalId.startsWith("AWS::")) {
      throw from.invalid("the pseudo parameter " + logicalId + " is not supported");
    }
    return identities.apply(from, logicalId);
  }

  private String attribute(Resource from, JsonNode reference) {
    var parts =
        reference.isString()
            ? reference.asString().split("\\.", 2)
            : reference.valueStream().map(part -> part.asString("")).toArray(String[]::new);
    if (parts.length != 2) {
      throw from.invalid("Fn::GetAtt needs a logical id and an attribute, not " + reference);
    }
    if (!parts[1].equals("Arn") && !parts[1].equals("TopicArn")) {
      throw from.invalid(
          "Fn::GetAtt " + parts[0] + "." + parts[1] + " is not supported; supported is Arn");
    }
    return reference(from, parts[0]).arn();
  }

  private static JsonNode text(String value) {
    return JsonNodeFactory.instance.stringNode(value);
  }
}
