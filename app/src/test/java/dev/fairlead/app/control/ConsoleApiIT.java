package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.app.journal.Sample;
import dev.fairlead.core.plan.Note;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleApiIT {
  private final Doors doors = new Doors();
  private final FakeInstallation installation = doors.installation();

  @AfterEach
  void close() {
    doors.close();
  }

  @Test
  void thePageComesWithHeadersThatKeepStrangersOut() throws Exception {
    var page = doors.send(doors.console("/"));

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).startsWith("<!doctype html>");
    assertThat(page.headers().map())
        .containsEntry("content-type", List.of("text/html; charset=utf-8"))
        .containsEntry("cache-control", List.of("no-cache"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry(
            "content-security-policy",
            List.of(
                "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self' "
                    + doors.controlUrl()
                    + "; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"));
    var script = doors.send(doors.console("/js/main.js"));
    assertThat(script.headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(doors.send(doors.console("/favicon.svg")).headers().firstValue("content-type"))
        .hasValue("image/svg+xml");
  }

  @Test
  void aFileThatTheBrowserHasIsNotSentAgain() throws Exception {
    String etag =
        doors.send(doors.console("/js/main.js")).headers().firstValue("etag").orElseThrow();

    var again =
        doors.send(doors.console("/js/main.js").header("if-none-match", "\"x\", W/" + etag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(doors.send(doors.console("/js/main.js").header("if-none-match", "\"x\"")).body())
        .contains("42");
  }

  @Test
  void noPathLeadsOutOfTheFolder() throws Exception {
    for (String path :
        new String[] {
          "/../control/ControlApi.class",
          "/js/../../control/ControlApi.class",
          "/%2e%2e/dev/fairlead/app/version.properties",
          "/..%2fdev%2ffairlead%2fapp%2fversion.properties",
          "/js/..%5c..%5cdev/fairlead/app/version.properties",
          "//etc/passwd",
          "/js",
          "/js/",
          "/index.html%00.js",
          "/dev/fairlead/app/version.properties"
        }) {
      String answer =
          RawHttp.exchange(doors.consolePort(), "GET " + path + " HTTP/1.1", "host: 127.0.0.1");
      assertThat(answer).as(path).matches("(?s)HTTP/1.1 40[04] .*");
      assertThat(answer).as(path).doesNotContain("version=");
    }
  }

  @Test
  void theConsoleChangesNothing() throws Exception {
    String answer =
        RawHttp.exchange(
            doors.consolePort(),
            "POST /fairlead/v1/overview HTTP/1.1",
            "host: 127.0.0.1",
            "content-length: 0");

    assertThat(answer).startsWith("HTTP/1.1 405 ");
  }

  @Test
  void theOverviewIsTheInstallations() throws Exception {
    installation.show("{\"version\":\"1\"}");

    assertThat(doors.send(doors.console("/fairlead/v1/overview")).body())
        .isEqualTo("{\"version\":\"1\"}");
  }

  @Test
  void aWatcherGetsTheHistoryThenWhatHappens() throws Exception {
    installation.samples().add(sample(0));
    note("before");
    installation.show("{\"n\":1}");
    try (Stream<String> lines = doors.stream(doors.console("/fairlead/v1/watch")).body()) {
      Iterator<String> line = payloads(lines);
      assertThat(line.next())
          .isEqualTo(
              "sample {\"time\":\"2026-11-24T08:00:00Z\",\"models\":{\"chat\":{"
                  + "\"generationTokensPerSecond\":61,\"promptTokensPerSecond\":10,"
                  + "\"timeToFirstTokenMillis\":null,\"inFlight\":2,\"waiting\":1,"
                  + "\"readyReplicas\":1}}}");
      assertThat(line.next()).startsWith("event {\"seq\":1,").contains("before");
      assertThat(line.next()).isEqualTo("overview {\"n\":1}");
      note("after");
      assertThat(line.next()).startsWith("event {\"seq\":2,").contains("after");
      installation.samples().add(sample(1));
      assertThat(line.next()).startsWith("sample {\"time\":\"2026-11-24T08:00:01Z\"");
      installation.show("{\"n\":2}");
      assertThat(line.next()).isEqualTo("overview {\"n\":2}");
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> doors.watchers().count() == 0);
  }

  @Test
  void whoeverAsksForTheHeadOfTheStreamDoesNotWatch() throws Exception {
    String answer =
        RawHttp.exchange(
            doors.consolePort(), "HEAD /fairlead/v1/watch HTTP/1.1", "host: 127.0.0.1");

    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(doors.watchers().count()).isZero();
  }

  @Test
  void streamsEndWhenFairleadShutsDownAndNoneBegins() throws Exception {
    try (Stream<String> lines = doors.stream(doors.console("/fairlead/v1/watch")).body()) {
      Iterator<String> line = payloads(lines);
      assertThat(line.next()).startsWith("overview");
      doors.watchers().close();
      assertThat(line.hasNext()).isFalse();
    }
    assertThat(doors.send(doors.console("/fairlead/v1/watch")).statusCode()).isEqualTo(503);
  }

  @Test
  void manyChangesAreOneOverviewAndItIsTheLast() throws Exception {
    try (Stream<String> lines = doors.stream(doors.console("/fairlead/v1/watch")).body()) {
      Iterator<String> line = payloads(lines);
      assertThat(line.next()).startsWith("overview");
      for (int i = 1; i <= 50; i++) {
        installation.show("{\"n\":" + i + "}");
      }
      var seen = new ArrayList<String>();
      do {
        seen.add(line.next());
      } while (!seen.getLast().equals("overview {\"n\":50}"));
      assertThat(seen).hasSizeLessThan(10);
    }
  }

  @Test
  void aSilentStreamHasHeartbeats() throws Exception {
    try (Stream<String> lines = doors.stream(doors.console("/fairlead/v1/watch")).body()) {
      assertThat(lines.filter(line -> line.startsWith(":")).findFirst()).isPresent();
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutOffAndTheOthersAreNot() throws Exception {
    try (Stream<String> lines = doors.stream(doors.console("/fairlead/v1/watch")).body();
        var deaf = new Socket(InetAddress.getLoopbackAddress(), doors.consolePort())) {
      Iterator<String> line = payloads(lines);
      assertThat(line.next()).startsWith("overview");
      deaf.setReceiveBufferSize(4096);
      deaf.getOutputStream()
          .write(
              "GET /fairlead/v1/watch HTTP/1.1\r\nhost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await().atMost(Duration.ofSeconds(5)).until(() -> doors.watchers().count() == 2);

      String message = "x".repeat(100_000);
      int sent = 0;
      while (doors.watchers().count() == 2 && sent < 1000) {
        note(message + ++sent);
        assertThat(line.next()).contains(message + sent);
      }
      assertThat(doors.watchers().count()).isEqualTo(1);
      note("still here");
      assertThat(line.next()).contains("still here");
    }
  }

  private void note(String message) {
    installation.journal().note(new Note(Note.Severity.NORMAL, "Told", "chat", message));
  }

  private static Sample sample(int second) {
    return new Sample(
        FakeInstallation.NOW.plusSeconds(second),
        Map.of("chat", new Sample.OfModel(61, 10, OptionalLong.empty(), 2, 1, 1)));
  }

  /// `name payload` of each event.
  private static Iterator<String> payloads(Stream<String> lines) {
    var name = new String[1];
    return lines
        .peek(line -> {
          if (line.startsWith("event: ")) {
            name[0] = line.substring("event: ".length());
          }
        })
        .filter(line -> line.startsWith("data: "))
        .map(line -> name[0] + " " + line.substring("data: ".length()))
        .iterator();
  }
}
