package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.api.DurationText;
import dev.fairlead.app.control.ControlClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead why`.
@Command(
    name = "why",
    description = {
      "Tells where the time of a request went, and how it ended.",
      "Its id is in the header x-request-id of its answer. The latest 4,096 requests are known."
    })
final class WhyCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(arity = "0..1", paramLabel = "REQUEST_ID", description = "A request that has ended.")
  private @Nullable String id;

  @Option(names = "--slow", description = "The slowest to their first event instead of one.")
  private boolean slow;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "With --slow: of how long ago until now. Default: ${DEFAULT-VALUE}")
  private String since = "10m";

  WhyCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    String wanted = id;
    if (slow == (wanted != null)) {
      throw CliException.usage("name one request, or ask for --slow");
    }
    try (ControlClient client = target.connect(environment)) {
      List<JsonNode> found =
          wanted == null ? client.slowRequests(window()) : client.recentRequest(wanted);
      if (found.isEmpty()) {
        environment.out().println("no request has ended within " + since);
      }
      found.forEach(request -> environment.out().print(text(request)));
    }
    return 0;
  }

  private Duration window() {
    return DurationText.parse(since)
        .orElseThrow(() ->
            CliException.usage("--since is a duration such as `10m`, not `%s`".formatted(since)));
  }

  /// Two lines: which request, and where its time went.
  static String text(JsonNode request) {
    String model = request.path("model").asText();
    String error = request.path("error").asText();
    String head =
        "%s  %s  %s%s  %s%s  %s"
            .formatted(
                request.path("id").asText(),
                model.isEmpty() ? "(no model)" : model,
                request.path("kind").asText(),
                request.path("stream").asBoolean() ? " stream" : "",
                request.path("outcome").asText(),
                error.isEmpty() ? "" : " " + request.path("status").asInt() + " " + error,
                request.path("arrived").asText());
    return head + "\n  " + String.join(" | ", parts(request)) + "\n";
  }

  private static List<String> parts(JsonNode request) {
    double queue = request.path("queueMillis").asDouble();
    double coldStart = request.path("coldStartMillis").asDouble();
    double total = request.path("totalMillis").asDouble();
    boolean begun = request.path("firstEventMillis").isNumber();
    double first = request.path("firstEventMillis").asDouble();
    List<String> parts = new ArrayList<>();
    parts.add("auth " + Quantities.millis(request.path("authMillis").asDouble()));
    parts.add(
        "queue %s (%d ahead)"
            .formatted(Quantities.millis(queue - coldStart), request.path("ahead").asInt()));
    parts.add("cold start " + (coldStart > 0 ? Quantities.millis(coldStart) : "0"));
    if (begun) {
      parts.add(
          "prefill %s (%,d tokens, %,d cached)"
              .formatted(
                  Quantities.millis(first),
                  request.path("promptTokens").asLong(),
                  request.path("cachedTokens").asLong()));
      parts.add(generated(request.path("completionTokens").asLong(), total - queue - first));
    }
    long out = request.path("completionTokens").asLong();
    if (!begun && out > 0) {
      // A whole answer comes at once: how long its prompt took is not told apart.
      parts.add(
          String.format(
              Locale.ROOT,
              "engine %s (%,d tokens, %,d cached, %,d generated)",
              Quantities.millis(total - queue),
              request.path("promptTokens").asLong(),
              request.path("cachedTokens").asLong(),
              out));
    }
    parts.add("total " + Quantities.millis(total));
    int replacements = request.path("replacements").asInt();
    if (replacements > 0) {
      parts.add(
          replacements == 1
              ? "placed again once"
              : "placed again %d times".formatted(replacements));
    }
    String replica = request.path("replica").asText();
    parts.add(replica.isEmpty() ? "no replica" : "replica " + replica);
    return parts;
  }

  private static String generated(long tokens, double millis) {
    return millis >= 1 && tokens > 1
        ? String.format(Locale.ROOT, "%,d tokens at %.0f/s", tokens, tokens * 1000 / millis)
        : String.format(Locale.ROOT, "%,d tokens", tokens);
  }
}
