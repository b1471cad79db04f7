package dev.fairlead.engines.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogRingTest {

  @Test
  void theOldestLinesGoWhenThereAreTooMany() {
    var ring = new LogRing(3, 1000);

    List.of("a", "b", "c", "d").forEach(ring::append);

    assertThat(ring.lines()).containsExactly("b", "c", "d");
    assertThat(ring.last(2)).containsExactly("c", "d");
    assertThat(ring.last(9)).containsExactly("b", "c", "d");
  }

  @Test
  void theOldestLinesGoWhenTheyAreTooLong() {
    var ring = new LogRing(100, 12);

    List.of("12345", "67890", "ab").forEach(ring::append);
    assertThat(ring.lines()).containsExactly("67890", "ab");

    ring.append("a line over the bound");
    assertThat(ring.lines()).containsExactly("a line over the bound");
  }

  @Test
  void aFollowerGetsTheBacklogThenEveryLineThenTheEnd() {
    var ring = new LogRing(10, 1000);
    List.of("a", "b", "c").forEach(ring::append);
    var heard = new ArrayList<String>();

    ring.follow(2, follower(heard));
    ring.append("d");
    ring.end();
    ring.end();

    assertThat(heard).containsExactly("b", "c", "d", "<end>");
  }

  @Test
  void aFollowerThatLeftHearsNothingMore() {
    var ring = new LogRing(10, 1000);
    var heard = new ArrayList<String>();

    try (var _ = ring.follow(10, heard::add)) {
      ring.append("a");
    }
    ring.append("b");

    assertThat(heard).containsExactly("a");
  }

  @Test
  void whoFollowsAnEndedRunHearsItsEndAtOnce() {
    var ring = new LogRing(10, 1000);
    ring.append("a");
    ring.end();
    var heard = new ArrayList<String>();

    ring.follow(10, follower(heard));

    assertThat(heard).containsExactly("a", "<end>");
  }

  @Test
  void theRunBeforeARestartIsKept() {
    var log = new EngineLog(10, 1000);
    assertThat(log.previous()).isEmpty();

    log.startRun().append("first run");
    assertThat(log.previous()).isEmpty();
    log.startRun().append("second run");

    assertThat(log.current().lines()).containsExactly("second run");
    assertThat(log.previous().orElseThrow().lines()).containsExactly("first run");
  }

  @Test
  void linesAreCutAtTheirBoundAndSplitAtTheirEnds() throws IOException {
    var text = "short\r\n" + "x".repeat(20_000) + "\n\nlast, without an end";
    var reader =
        new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 100);

    assertThat(reader.next()).isEqualTo("short");
    assertThat(reader.next()).isEqualTo("x".repeat(100) + "…");
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEqualTo("last, without an end");
    assertThat(reader.next()).isNull();
  }

  private static LogRing.Follower follower(List<String> heard) {
    return new LogRing.Follower() {
      @Override
      public void line(String line) {
        heard.add(line);
      }

      @Override
      public void ended() {
        heard.add("<end>");
      }
    };
  }
}
