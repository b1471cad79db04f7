package dev.fairlead.lab.harness;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// The control door of a running Fairlead, as the console and the command line use it. Safe for
/// every thread.
public final class Control {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final URI url;
  private final String token;
  private final OpenAi client;

  private Control(URI url, String token) {
    this.url = url;
    this.token = token;
    this.client = new OpenAi(url, Optional.of(token));
  }

  static Control of(Path instances, int port) {
    try {
      JsonNode instance = Json.parse(Files.readString(instances.resolve(port + ".json")));
      String token = Files.readString(Path.of(instance.path("tokenFile").asText())).strip();
      return new Control(URI.create(instance.path("controlUrl").asText()), token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An event of the journal.
  public record Event(long sequence, String reason, String object, String message) {}

  public int port() {
    return url.getPort();
  }

  public URI url() {
    return url;
  }

  /// What it takes in the `Authorization` header.
  public String token() {
    return token;
  }

  /// A client with the token.
  public OpenAi client() {
    return client;
  }

  /// A client without it.
  public OpenAi stranger() {
    return new OpenAi(url, Optional.empty());
  }

  public JsonNode overview() {
    return client.get("/fairlead/v1/overview").json();
  }

  public List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (JsonNode item : client.get("/fairlead/v1/events").json().path("items")) {
      events.add(
          new Event(
              item.path("seq").asLong(),
              item.path("reason").asText(),
              item.path("object").asText(),
              item.path("message").asText()));
    }
    return events;
  }

  /// Waits for the first event of that reason that is also so.
  public Event awaitEvent(String reason, Predicate<Event> wanted) {
    Predicate<Event> both = event -> event.reason().equals(reason) && wanted.test(event);
    return await("event " + reason)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> events().stream().filter(both).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  public Event awaitEvent(String reason) {
    return awaitEvent(reason, _ -> true);
  }

  /// The replicas of every version that are in that phase, such as `Ready`.
  public List<JsonNode> replicas(String phase) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode version : overview().path("versions")) {
      for (JsonNode replica : version.path("replicas")) {
        if (replica.path("phase").asText().equals(phase)) {
          found.add(replica);
        }
      }
    }
    return found;
  }

  /// Waits until exactly so many replicas are ready, all versions together.
  public List<JsonNode> awaitReady(int count) {
    return await(count + " replicas are ready")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> replicas("Ready"), ready -> ready.size() == count);
  }

  /// How many replicas there are, whatever their phase.
  public int replicaCount() {
    int count = 0;
    for (JsonNode version : overview().path("versions")) {
      count += version.path("replicas").size();
    }
    return count;
  }

  public void awaitReplicas(int count) {
    await(count + " replicas")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> replicaCount() == count);
  }

  /// The process of the engine of a replica that is ready, if there is one.
  public OptionalLong enginePid() {
    return replicas("Ready").stream()
        .mapToLong(replica -> replica.path("pid").asLong())
        .findFirst();
  }

  public String metrics() {
    return client.get("/metrics").body();
  }
}
