package dev.backline.beapi.config;

import java.time.DateTimeException;
import java.time.Instant;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Times are ISO 8601 text. Jackson would take a number too, and nobody knows whether it means
 * seconds or milliseconds.
 */
@JacksonComponent
class TimeFormat extends StdDeserializer<Instant> {

  TimeFormat() {
    super(Instant.class);
  }

  @Override
  public Instant deserialize(JsonParser parser, DeserializationContext context)
      throws JacksonException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return (Instant) context.handleUnexpectedToken(context.constructType(Instant.class), parser);
    }
    try {
      return Instant.parse(parser.getString());
    } catch (DateTimeException e) {
      return (Instant)
          context.handleWeirdStringValue(Instant.class, parser.getString(), "not a time");
    }
  }
}
