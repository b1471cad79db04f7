package dev.fairlead.lab.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/// A small client of the OpenAI API that hides nothing: status, headers, raw lines with their
/// times. Safe for every thread.
public final class OpenAi {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final Optional<String> key;

  public OpenAi(URI base, Optional<String> key) {
    this.base = base;
    this.key = key;
  }

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer post(String path, String json) {
    return send(json(path, json));
  }

  /// Sends any request, such as one with an Origin.
  public Answer send(HttpRequest.Builder request) {
    try {
      var answer = HTTP.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// A request to a path, with the key.
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    key.ifPresent(value -> request.header("authorization", "Bearer " + value));
    return request;
  }

  /// The whole answer to a chat.
  public Answer chat(Chat chat) {
    return post("/v1/chat/completions", chat.json(false));
  }

  /// The answer to a chat as it comes. Returns at once.
  public Streamed stream(Chat chat) {
    return stream("/v1/chat/completions", chat.json(true));
  }

  public Streamed stream(String path, String json) {
    return stream(json(path, json));
  }

  /// The answer to any request as it comes. Returns at once.
  public Streamed stream(HttpRequest.Builder request) {
    return new Streamed(HTTP, request.build());
  }

  /// What the console watches, as it comes.
  public Streamed watch() {
    return stream(request("/fairlead/v1/watch"));
  }

  private HttpRequest.Builder json(String path, String json) {
    return request(path)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }
}
