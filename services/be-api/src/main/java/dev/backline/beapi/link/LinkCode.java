package dev.backline.beapi.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backline.beapi.input.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the slash of a short link: 3 to 64 characters, each an ASCII letter, a digit,
 * {@code -}, {@code _} or a Hangul syllable, in NFC. Case counts. Codes are therefore safe as a
 * path segment, in logs and in a Redis key, and {@code .} and {@code +} stay free for the
 * redirector's suffixes.
 */
public record LinkCode(String value) {

  static final int MIN_LENGTH = 3;
  static final int MAX_LENGTH = 64;

  /** Without look-alikes (0 O 1 l I) and without vowels, so that no word appears by chance. */
  static final String ALPHABET = "23456789bcdfghjkmnpqrstvwxyzBCDFGHJKLMNPQRSTVWXYZ";

  /** 49^7 = 6.8 * 10^11: at a hundred million links one try in 7,000 meets a taken code. */
  static final int RANDOM_LENGTH = 7;

  private static final long RANDOM_CODES =
      BigInteger.valueOf(ALPHABET.length()).pow(RANDOM_LENGTH).longValueExact();
  private static final Set<String> RESERVED = readReserved();

  /** Reads a code from a path; one that cannot exist is simply absent. */
  public static Optional<LinkCode> find(String text) {
    var code = Normalizer.normalize(text, Normalizer.Form.NFC);
    return problem(code) == null ? Optional.of(new LinkCode(code)) : Optional.empty();
  }

  /** A code that a caller wishes to have. Refuses malformed and reserved ones. */
  static LinkCode custom(String text) {
    var code = Normalizer.normalize(text, Normalizer.Form.NFC);
    var problem = problem(code);
    if (problem != null) {
      throw new InvalidInput("code", problem);
    }
    if (RESERVED.contains(code.toLowerCase(Locale.ROOT))) {
      throw new InvalidInput("code", "is reserved, choose another one");
    }
    return new LinkCode(code);
  }

  /**
   * A code that looks random and that a repeated request finds again: the same owner, key and
   * attempt always give the same one. It is as hard to guess as the key.
   */
  static LinkCode derived(String owner, String idempotencyKey, int attempt) {
    var digest = sha256();
    for (var part : new String[] {"link-code", owner, idempotencyKey, Integer.toString(attempt)}) {
      digest.update(part.getBytes(UTF_8));
      digest.update((byte) 0);
    }
    return ofNumber(
        new BigInteger(1, digest.digest()).mod(BigInteger.valueOf(RANDOM_CODES)).longValueExact());
  }

  private static LinkCode ofNumber(long number) {
    var code = new char[RANDOM_LENGTH];
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      code[i] = ALPHABET.charAt((int) (number % ALPHABET.length()));
      number /= ALPHABET.length();
    }
    return new LinkCode(new String(code));
  }

  private static @Nullable String problem(String code) {
    if (code.length() < MIN_LENGTH || code.length() > MAX_LENGTH) {
      return "must have " + MIN_LENGTH + " to " + MAX_LENGTH + " characters";
    }
    return code.chars().allMatch(LinkCode::isAllowed)
        ? null
        : "may hold ASCII letters, digits, '-', '_' and Hangul syllables only";
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || (c >= '가' && c <= '힣');
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static Set<String> readReserved() {
    try (var in = LinkCode.class.getResourceAsStream("reserved-codes.txt")) {
      if (in == null) {
        throw new IllegalStateException("reserved-codes.txt is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(String::strip)
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
