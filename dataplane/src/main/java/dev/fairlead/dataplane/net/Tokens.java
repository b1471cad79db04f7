package dev.fairlead.dataplane.net;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks bearer tokens of which only the SHA-256 is kept. The time that a check takes does not
/// depend on how much of a token is right. Immutable; safe for every thread.
public final class Tokens {
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
      digests.add(BearerToken.sha256(token));
    }
    return new Tokens(digests);
  }

  /// Accepts the tokens whose SHA-256 these are, in hexadecimal; the tokens need not be known.
  public static Tokens ofDigests(Collection<String> sha256) {
    var digests = new ArrayList<byte[]>();
    for (String digest : sha256) {
      byte[] bytes = HexFormat.of().parseHex(digest);
      if (bytes.length != 32) {
        throw new IllegalArgumentException("digest is not a SHA-256: " + bytes.length + " bytes");
      }
      digests.add(bytes);
    }
    return new Tokens(digests);
  }

  /// Whether the value of an `Authorization` header holds an accepted token.
  public boolean accepts(@Nullable String authorization) {
    return BearerToken.digest(authorization).filter(this::acceptsDigest).isPresent();
  }

  /// Whether this is the SHA-256 of an accepted token.
  public boolean acceptsDigest(byte[] digest) {
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
}
