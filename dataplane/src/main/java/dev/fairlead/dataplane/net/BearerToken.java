package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the token of an `Authorization` header (RFC 6750, section 2.1) as its SHA-256, the only
/// form in which tokens are known. Stateless; safe for every thread.
public final class BearerToken {
  private static final String SCHEME = "Bearer ";

  /// No token of ours is near this long; nobody shall have 32 KiB hashed for nothing.
  private static final int MAX_LENGTH = 1024;

  /// Finding one takes longer than using it on a token.
  private static final FastThreadLocal<MessageDigest> SHA_256 =
      new FastThreadLocal<>() {
        @Override
        protected MessageDigest initialValue() {
          try {
            return MessageDigest.getInstance("SHA-256");
          } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
          }
        }
      };

  private BearerToken() {}

  /// The digest of the token; empty where the header holds none.
  public static Optional<byte[]> digest(@Nullable String authorization) {
    if (authorization == null
        || authorization.length() > MAX_LENGTH
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String token = authorization.substring(SCHEME.length()).strip();
    return token.isEmpty() ? Optional.empty() : Optional.of(sha256(token));
  }

  static byte[] sha256(String text) {
    return SHA_256.get().digest(text.getBytes(UTF_8));
  }
}
