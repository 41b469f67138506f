package dev.backline.beapi.link.bulk;

import dev.backline.beapi.input.InvalidInput;
import dev.backline.beapi.link.NewLink;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per line, with the members of a new link. */
final class NdjsonLinks implements LinkFormat {

  private final ObjectReader reader;

  NdjsonLinks(JsonMapper json) {
    this.reader =
        json.readerFor(NewLink.class)
            .with(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  @Override
  public NewLink parse(String line) {
    try {
      NewLink link = reader.readValue(line);
      if (link == null) {
        throw new InvalidInput("line", "must be a JSON object");
      }
      return link;
    } catch (DatabindException e) {
      var path = e.getPath();
      var field = path.isEmpty() ? null : path.getLast().getPropertyName();
      if (field == null) {
        throw new InvalidInput("line", "must be a JSON object with the members of a link");
      }
      throw new InvalidInput(
          field,
          e instanceof UnrecognizedPropertyException ? "is not known" : "has a wrong type or form");
    } catch (JacksonException e) {
      throw new InvalidInput("line", "is not JSON");
    }
  }
}
