package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// Speaks with the control port of a running Fairlead, for the command line. Every method waits for
/// the answer; a refusal is a `RefusedException` with the server's words. Safe for every thread.
public final class ControlClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Instance instance;
  private final String token;

  public ControlClient(Instance instance) {
    this.instance = instance;
    this.token = instance.token();
  }

  /// A refusal or failure, in words for the user.
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    /// The HTTP status; 0 when there was no answer.
    public int status() {
      return status;
    }
  }

  /// What became of an `apply`: as `Installation.Applied`, in the words of the wire.
  public record Applied(boolean taken, List<String> lines, List<Problem> problems) {
    public Applied {
      lines = List.copyOf(lines);
      problems = List.copyOf(problems);
    }
  }

  /// Something that is wrong with what was applied. `line` and `column` count from 1; 0 is unknown.
  public record Problem(String file, int line, int column, String message, boolean error) {}

  /// Which part of an engine's output is wanted.
  public record LogQuery(String name, boolean previous, boolean follow, int tail) {}

  /// Where it speaks with.
  public Instance instance() {
    return instance;
  }

  /// Everything at a glance, in JSON.
  public JsonNode overview() {
    return json(get("overview"));
  }

  /// Resources with their status; an empty kind or name means any.
  public List<JsonNode> resources(String kind, String name) {
    String query = kind.isEmpty() ? "" : "&kind=" + encoded(kind);
    query += name.isEmpty() ? "" : "&name=" + encoded(name);
    return items(json(get("resources?" + query)));
  }

  /// The events after that number, oldest first.
  public List<JsonNode> events(long after) {
    return items(json(get("events?after=" + after)));
  }

  /// What became of one recent request.
  public List<JsonNode> recentRequest(String id) {
    return items(json(get("requests?id=" + encoded(id))));
  }

  /// What became of the slowest requests of the time until now.
  public List<JsonNode> slowRequests(Duration since) {
    return items(json(get("requests?since=" + since.toSeconds())));
  }

  /// What was used, in JSON. An empty `until` means until now, an empty `by` everything together.
  public JsonNode usage(String since, String until, String by) {
    return json(
        get(
            "usage?since=%s&until=%s&by=%s"
                .formatted(encoded(since), encoded(until), encoded(by))));
  }

  /// Applies a YAML or JSON text.
  public Applied apply(String text, String file) {
    HttpResponse<InputStream> response =
        send(request("apply?file=" + encoded(file)).POST(BodyPublishers.ofString(text)));
    boolean taken = response.statusCode() == 200;
    if (!taken && response.statusCode() != 422) {
      throw refused(response);
    }
    JsonNode tree = parse(response);
    var lines = new ArrayList<String>();
    tree.path("lines").forEach(line -> lines.add(line.asText()));
    var problems = new ArrayList<Problem>();
    tree.path("problems").forEach(problem -> problems.add(problem(problem)));
    return new Applied(taken, lines, problems);
  }

  private static Problem problem(JsonNode tree) {
    return new Problem(
        tree.path("file").asText(),
        tree.path("line").asInt(),
        tree.path("column").asInt(),
        tree.path("message").asText(),
        tree.path("severity").asText().equals("error"));
  }

  /// Takes a resource away; returns one line that says so.
  public String delete(String kind, String namespace, String name) {
    String path =
        "resources?kind=%s&namespace=%s&name=%s"
            .formatted(encoded(kind), encoded(namespace), encoded(name));
    return json(request(path).DELETE()).path("message").asText();
  }

  /// Pins replicas, or lets them scale by demand; returns one line that says what is now.
  public String scale(String name, OptionalInt replicas) {
    var body = JsonNodeFactory.instance.objectNode().put("version", name);
    if (replicas.isPresent()) {
      body.put("replicas", replicas.getAsInt());
    } else {
      body.putNull("replicas");
    }
    return json(request("scale").POST(BodyPublishers.ofString(body.toString())))
        .path("message")
        .asText();
  }

  /// The keys of a tenant, without their secrets.
  public List<JsonNode> tenantKeys(String tenant) {
    return items(json(get("tenant-keys?tenant=" + encoded(tenant))));
  }

  /// Makes a key of a tenant: `tenant`, and perhaps `name`, `expires` or `expiresInSeconds`. Only
  /// the answer holds the key.
  public JsonNode createTenantKey(JsonNode wanted) {
    return json(request("tenant-keys").POST(BodyPublishers.ofString(wanted.toString())));
  }

  /// Ends a key; returns one line that says what is now.
  public String revokeTenantKey(String tenant, String name, Duration after) {
    String path =
        "tenant-keys?tenant=%s&name=%s&after=%d"
            .formatted(encoded(tenant), encoded(name), after.toSeconds());
    return json(request(path).DELETE()).path("message").asText();
  }

  /// Hands over each line of an engine's output until there is no more or `line` says no.
  public void logs(LogQuery query, Predicate<String> line) {
    String path =
        "logs?name=%s&previous=%s&follow=%s&tail=%d"
            .formatted(encoded(query.name()), query.previous(), query.follow(), query.tail());
    lines(path, line);
  }

  /// Hands over each overview as it changes, the present one first, until `overview` says no.
  public void watch(Predicate<JsonNode> overview) {
    var wanted = new boolean[1];
    lines(
        "watch",
        line -> {
          if (line.startsWith("event: ")) {
            wanted[0] = line.equals("event: overview");
          } else if (wanted[0] && line.startsWith("data: ")) {
            return overview.test(tree(line.substring("data: ".length())));
          }
          return true;
        });
  }

  private void lines(String path, Predicate<String> line) {
    HttpResponse<InputStream> response = send(request(path).GET());
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    try (var reader = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      for (String next = reader.readLine(); next != null; next = reader.readLine()) {
        if (!line.test(next)) {
          return;
        }
      }
    } catch (IOException e) {
      throw new RefusedException(0, "the connection to Fairlead was lost: look whether it runs");
    }
  }

  private HttpRequest.Builder get(String path) {
    return request(path).timeout(PATIENCE).GET();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(instance.controlUrl() + ControlApi.ROOT + path))
        .header("authorization", "Bearer " + token);
  }

  private JsonNode json(HttpRequest.Builder request) {
    HttpResponse<InputStream> response = send(request);
    if (response.statusCode() != 200) {
      throw refused(response);
    }
    return parse(response);
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new RefusedException(
          0,
          "no answer from Fairlead at %s (process %d): look whether it still runs"
              .formatted(instance.controlUrl(), instance.pid()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(0, "interrupted");
    }
  }

  private static RefusedException refused(HttpResponse<InputStream> response) {
    String message = "";
    try {
      message = parse(response).path("error").path("message").asText();
    } catch (RefusedException _) {
      message = "";
    }
    return new RefusedException(
        response.statusCode(),
        message.isEmpty() ? "Fairlead answered with status " + response.statusCode() : message);
  }

  private static JsonNode parse(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new RefusedException(0, "Fairlead's answer cannot be read: " + e.getMessage());
    }
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new RefusedException(0, "Fairlead's answer is not JSON: " + e.getOriginalMessage());
    }
  }

  private static List<JsonNode> items(JsonNode tree) {
    var items = new ArrayList<JsonNode>();
    tree.path("items").forEach(items::add);
    return items;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
