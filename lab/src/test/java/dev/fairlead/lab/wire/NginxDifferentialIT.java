package dev.fairlead.lab.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.dataplane.net.ServerOptions;
import dev.fairlead.dataplane.net.ServerTimeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sends every row of `docs/reference/http.md` to Fairlead and to nginx, both before an engine that
/// writes down what reaches it.
class NginxDifferentialIT {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @TempDir private static Path folder;
  private static Recorder engine;
  private static Fleet fleet;
  private static NginxFront nginx;

  @BeforeAll
  static void start() throws IOException {
    engine = new Recorder();
    ServerOptions door =
        ServerOptions.of("127.0.0.1", 0)
            .withTimeouts(new ServerTimeouts(SECOND, SECOND, SECOND, Duration.ofSeconds(60)));
    fleet =
        new Fleet(
                Fleet.Patience.little(), door, List.of(new Fleet.Backend(engine.port(), 4, engine)))
            .ready();
    nginx = new NginxFront(engine.port(), folder);
  }

  @AfterAll
  static void stop() {
    nginx.close();
    fleet.close();
  }

  @Test
  void eachPayloadHasTheOutcomesThatThePageSaysAndEachDifferenceAReason() throws IOException {
    List<Payload> rows = Payload.all();
    assertThat(rows).hasSizeGreaterThan(70);
    List<String> found = new ArrayList<>();
    for (Payload row : rows) {
      found.add(row.line(outcome(row, fleet.port()), outcome(row, nginx.port())));
    }
    if (Boolean.getBoolean("fairlead.regenerate")) {
      write(rows, found);
    }
    assertThat(found)
        .isEqualTo(rows.stream().map(row -> row.line(row.ours(), row.nginx())).toList());
    assertThat(rows)
        .allSatisfy(row ->
            assertThat(row.reason().isEmpty())
                .as("%s has a reason where there is a difference", row.sent())
                .isEqualTo(row.ours().equals(row.nginx())));
  }

  /// What the client gets, and how many requests reach the engine.
  private static String outcome(Payload payload, int port) throws IOException {
    engine.forget();
    String answer;
    try (Raw client = new Raw(port)) {
      answer = client.say(payload.wire()).rest();
    }
    int reached = engine.requests().size();
    String statuses =
        Raw.statuses(answer).stream().map(String::valueOf).collect(Collectors.joining("+"));
    return "%s, %d".formatted(statuses.isEmpty() ? "closed" : statuses, reached);
  }

  private static void write(List<Payload> rows, List<String> found) throws IOException {
    String page = Files.readString(Payload.PAGE);
    for (int i = 0; i < rows.size(); i++) {
      page = page.replace(rows.get(i).line(rows.get(i).ours(), rows.get(i).nginx()), found.get(i));
    }
    Files.writeString(Payload.PAGE, page);
  }
}
