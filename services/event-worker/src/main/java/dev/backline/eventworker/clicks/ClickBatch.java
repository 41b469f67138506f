package dev.backline.eventworker.clicks;

import dev.backline.eventworker.inbox.Fields;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The clicks of one message.
 *
 * @param id tells deliveries of the same batch from another batch
 */
record ClickBatch(UUID id, List<Click> clicks) {

  static final String TYPE = "clicks.v1";

  /** What a redirector puts into one message at most. */
  static final int MOST_CLICKS = 200;

  private static final Pattern UUID_FORM =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Pattern CODE = Pattern.compile("[0-9A-Za-z가-힣_-]{1,64}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  /**
   * As long as a URL may be: a referrer is the visitor's own text, so its form never condemns a
   * batch.
   */
  private static final int LONGEST_REFERRER = 2_048;

  ClickBatch {
    clicks = List.copyOf(clicks);
  }

  static ClickBatch read(String body) {
    Fields message = Fields.ofMessage(body, TYPE);
    String id = message.text("batch", 36, UUID_FORM.asMatchPredicate(), "not a UUID");
    return new ClickBatch(
        UUID.fromString(id),
        message.objects("clicks", MOST_CLICKS).stream().map(ClickBatch::click).toList());
  }

  Instant oldest() {
    return clicks.stream().map(Click::at).min(Instant::compareTo).orElseThrow();
  }

  private static Click click(Fields click) {
    return new Click(
        click.instant("at"),
        click.text("code", 64, CODE.asMatchPredicate(), "not the form of a link's code"),
        click.optionalText("country", 2, COUNTRY.asMatchPredicate(), "not two capital letters"),
        click.oneOf("device", Click.Device.class),
        click.optionalText("referrer", LONGEST_REFERRER),
        click.oneOf("kind", Click.Kind.class));
  }
}
