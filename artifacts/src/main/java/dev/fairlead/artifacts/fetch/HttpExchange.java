package dev.fairlead.artifacts.fetch;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// One conditional GET with its redirects, each checked before it is followed, and what its answers
/// mean. Stateless but for the client; any thread.
final class HttpExchange {
  private static final int MAX_REDIRECTS = 5;
  private static final Duration HEADER_LIMIT = Duration.ofSeconds(60);
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final HttpClient client;

  HttpExchange(HttpClient client) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException("client follows redirects by itself");
    }
    this.client = client;
  }

  /// The answer to a request for the bytes from `from` on: 200, 206 or 416. The caller closes its
  /// body.
  HttpResponse<InputStream> get(Download.Request request, long from, String validator)
      throws IOException, Transient {
    URI uri = request.uri();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(build(request, uri, from, validator));
      Optional<URI> next = redirect(response, uri);
      if (next.isEmpty()) {
        return checked(response);
      }
      response.body().close();
      Origin.check(next.get(), Optional.of(uri));
      uri = next.get();
    }
    throw new ArtifactException(
        Category.REFUSED,
        "%s redirects more than %d times; name the final address"
            .formatted(Origin.withoutSecrets(request.uri()), MAX_REDIRECTS));
  }

  /// The entity behind a complete answer.
  static PartFile.Entity entity(URI uri, HttpResponse<?> response) {
    long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    return new PartFile.Entity(uri.toString(), validator(response), total);
  }

  private static String validator(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> response.headers().firstValue("Last-Modified"))
        .orElse("");
  }

  /// Whether a 206 goes on with `known` exactly at `from`.
  static boolean continues(HttpResponse<?> response, long from, PartFile.Entity known) {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != from) {
      return false;
    }
    String validator = validator(response);
    boolean sameEntity =
        validator.isEmpty() || known.validator().isEmpty() || validator.equals(known.validator());
    boolean sameLength =
        range.group(3).equals("*")
            || known.total() < 0
            || Long.parseLong(range.group(3)) == known.total();
    return sameEntity && sameLength;
  }

  private static HttpRequest build(Download.Request request, URI uri, long from, String validator) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .timeout(HEADER_LIMIT)
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "fairlead");
    if (from > 0) {
      builder.header("Range", "bytes=" + from + "-");
      if (!validator.isEmpty()) {
        builder.header("If-Range", validator);
      }
    }
    if (Origin.same(uri, request.uri())) {
      request.authorization().ifPresent(value -> builder.header("Authorization", value));
    }
    return builder.build();
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws Transient {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (SSLException untrusted) {
      throw new ArtifactException(
          Category.UNTRUSTED,
          "cannot make a secure connection to %s: %s; if your network has its own certificate authority, add it to Java's trust store (keytool -importcert -cacerts)"
              .formatted(request.uri().getHost(), untrusted.getMessage()),
          untrusted);
    } catch (IOException unreachable) {
      throw new Transient(
          new ArtifactException(
              Category.NO_NETWORK,
              "no network: cannot reach %s (%s); check the connection and the proxy, then run it again: what was fetched is kept"
                  .formatted(request.uri().getAuthority(), reason(unreachable)),
              unreachable));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ArtifactException(Category.IO, "the download was interrupted", interrupted);
    }
  }

  private static Optional<URI> redirect(HttpResponse<?> response, URI from) {
    return switch (response.statusCode()) {
      case 301, 302, 303, 307, 308 ->
          response.headers().firstValue("Location").map(location -> resolve(from, location));
      default -> Optional.empty();
    };
  }

  private static URI resolve(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException malformed) {
      throw new ArtifactException(
          Category.REFUSED,
          "%s redirects to something that is no URL".formatted(Origin.withoutSecrets(from)),
          malformed);
    }
  }

  private static HttpResponse<InputStream> checked(HttpResponse<InputStream> response)
      throws IOException, Transient {
    int status = response.statusCode();
    if (status == 200 || status == 206 || status == 416) {
      return response;
    }
    response.body().close();
    String where = Origin.withoutSecrets(response.uri());
    switch (status) {
      case 404, 410 ->
          throw new ArtifactException(
              Category.NOT_FOUND,
              "%s is not there (HTTP %d); check the address".formatted(where, status));
      case 401, 403, 407 ->
          throw new ArtifactException(
              Category.REFUSED,
              "%s needs credentials, or denies them (HTTP %d); download it by hand and name the file"
                  .formatted(where, status));
      case 408, 425, 429, 500, 502, 503, 504 ->
          throw new Transient(
              new ArtifactException(
                  Category.SERVER_FAILED,
                  "%s answered HTTP %d again and again; try later".formatted(where, status)),
              retryAfter(response));
      default ->
          throw new ArtifactException(
              Category.SERVER_FAILED,
              "%s answered HTTP %d; open the address in a browser to see why"
                  .formatted(where, status));
    }
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(Duration.ZERO);
  }

  private static String reason(IOException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName().toLowerCase(Locale.ROOT) : message;
  }
}
