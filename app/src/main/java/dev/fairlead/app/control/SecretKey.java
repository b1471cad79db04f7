package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// A new API key of 256 random bits, to be shown once and forgotten; only its SHA-256 is kept. A
/// plain hash is enough for what nobody can guess.
///
/// @param text what clients send
public record SecretKey(String text) {
  private static final int KEY_BYTES = 32;
  private static final String PREFIX = "fl-";

  /// Makes one.
  ///
  /// @param random a `SecureRandom`, but in tests
  public static SecretKey make(RandomGenerator random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return new SecretKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// In hexadecimal.
  public String sha256() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The key stays out of logs.
  @Override
  public String toString() {
    return "SecretKey[…]";
  }
}
