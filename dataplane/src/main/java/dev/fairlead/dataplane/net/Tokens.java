package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks bearer tokens of which only the SHA-256 is kept. The time that a check takes does not
/// depend on how much of a token is right. Immutable; safe for every thread.
public final class Tokens {
  private static final String SCHEME = "Bearer ";

  private final List<byte[]> digests;

  private Tokens(List<byte[]> digests) {
    this.digests = List.copyOf(digests);
  }

  /// Accepts these tokens; an empty set accepts none.
  public static Tokens of(Collection<String> tokens) {
    var digests = new ArrayList<byte[]>();
    for (String token : tokens) {
      if (token.isBlank()) {
        throw new IllegalArgumentException("token is blank");
      }
      digests.add(sha256(token));
    }
    return new Tokens(digests);
  }

  /// Whether the value of an `Authorization` header holds an accepted token.
  public boolean accepts(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] digest = sha256(authorization.substring(SCHEME.length()).strip());
    boolean accepted = false;
    for (byte[] known : digests) {
      accepted |= MessageDigest.isEqual(known, digest);
    }
    return accepted;
  }

  /// Decorates `next`: a request without an accepted token is 401.
  public Handler guard(Handler next) {
    return exchange -> {
      if (accepts(exchange.header("authorization"))) {
        return next.accept(exchange);
      }
      exchange.refuse(
          new Refusal(
              401,
              "invalid_token",
              "This needs the header `Authorization: Bearer TOKEN` with a valid token."),
          List.of(new ServerExchange.Header("www-authenticate", "Bearer")));
      return BodyReceiver.ignore();
    };
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
