package dev.fairlead.lab.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A streamed answer: its lines as they come, each with its time, and how it ended. Read by a
/// thread of its own; safe for every thread.
public final class Streamed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final long sentNanos = System.nanoTime();
  private final List<Line> lines = new ArrayList<>();
  private final Thread reader;
  private @Nullable ResponseInfo response;
  private @Nullable End end;

  /// One line.
  ///
  /// @param after how long after the request was sent it came
  public record Line(Duration after, String text) {
    boolean isComment() {
      return text.startsWith(":");
    }

    boolean isData() {
      return text.startsWith("data: ");
    }

    String data() {
      return text.substring("data: ".length());
    }
  }

  /// How it ended.
  ///
  /// @param failure what broke the transport; empty for a clean end of the body
  public record End(Duration after, Optional<IOException> failure) {}

  Streamed(HttpClient http, HttpRequest request) {
    reader = Thread.ofVirtual().name("stream").start(() -> read(http, request));
  }

  private void read(HttpClient http, HttpRequest request) {
    try {
      // Not as an InputStream: the JDK's drops what it has received when the connection breaks.
      var _ = http.send(request, this::begun);
      ended(Optional.empty());
    } catch (IOException e) {
      ended(Optional.of(e));
    } catch (InterruptedException e) {
      ended(Optional.of(new IOException("closed by the test", e)));
    }
  }

  private synchronized BodySubscriber<Void> begun(ResponseInfo info) {
    response = info;
    return BodySubscribers.fromLineSubscriber(new Lines());
  }

  private final class Lines implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      add(line);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  private synchronized void add(String text) {
    lines.add(new Line(age(), text));
  }

  private synchronized void ended(Optional<IOException> failure) {
    end = new End(age(), failure);
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - sentNanos);
  }

  /// The lines so far.
  public synchronized List<Line> lines() {
    return List.copyOf(lines);
  }

  /// Waits for the first line that is so.
  public Line awaitLine(String what, Predicate<Line> wanted) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lines().stream().anyMatch(wanted) || isOver());
    return lines().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError(what + " did not come:\n" + this));
  }

  /// Waits until the model has begun to speak; so long after the request.
  public Duration awaitText() {
    return awaitLine("text", line -> line.isData() && !content(line).isEmpty()).after();
  }

  public Duration awaitComment() {
    return awaitLine("a comment", Line::isComment).after();
  }

  public End awaitEnd() {
    await("the end of a stream")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(this::isOver);
    synchronized (this) {
      if (end == null) {
        throw new IllegalStateException("over without an end");
      }
      return end;
    }
  }

  public synchronized boolean isOver() {
    return end != null;
  }

  /// The status, after the first line or the end.
  public synchronized int status() {
    if (response == null) {
      throw new AssertionError("there is no answer yet");
    }
    return response.statusCode();
  }

  public synchronized Optional<String> header(String name) {
    return response == null ? Optional.empty() : response.headers().firstValue(name);
  }

  public List<Line> comments() {
    return lines().stream().filter(Line::isComment).toList();
  }

  /// The events that carry JSON.
  public List<JsonNode> events() {
    return lines().stream()
        .filter(Line::isData)
        .filter(line -> !line.data().equals("[DONE]"))
        .map(line -> Json.parse(line.data()))
        .toList();
  }

  public boolean done() {
    return lines().stream().anyMatch(line -> line.text().equals("data: [DONE]"));
  }

  public String text() {
    return lines().stream()
        .filter(Line::isData)
        .map(Streamed::content)
        .collect(Collectors.joining());
  }

  public Optional<String> finishReason() {
    return events().stream()
        .map(event -> event.at("/choices/0/finish_reason").asText(""))
        .filter(reason -> !reason.isEmpty() && !reason.equals("null"))
        .findFirst();
  }

  /// The error that came as an event.
  public Optional<JsonNode> error() {
    return events().stream().filter(event -> event.has("error")).map(e -> e.get("error")).findAny();
  }

  public Optional<JsonNode> usage() {
    return events().stream()
        .filter(event -> event.path("usage").isObject())
        .map(event -> event.get("usage"))
        .findAny();
  }

  private static String content(Line line) {
    if (line.data().equals("[DONE]")) {
      return "";
    }
    return Json.parse(line.data()).at("/choices/0/delta/content").asText("");
  }

  /// The client leaves.
  @Override
  public void close() {
    reader.interrupt();
  }

  @Override
  public String toString() {
    return lines().stream()
        .map(line -> "%6d ms %s".formatted(line.after().toMillis(), line.text()))
        .collect(Collectors.joining("\n"));
  }
}
