package dev.fairlead.lab.wire;

import dev.fairlead.testkit.fault.Fault;
import dev.fairlead.testkit.fault.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// One cell of the tables in `docs/reference/faults.md`: what is broken where, and what the client
/// is promised.
///
/// @param link which connection is broken
/// @param stream whether the client asks for a stream
/// @param column 0 before the head, 1 before the body, 2 in the middle of it
/// @param expected the words of the cell
record Cell(Link link, boolean stream, String fault, int column, String expected) {
  enum Link {
    GATEWAY_AGENT,
    AGENT_ENGINE
  }

  static final Path PAGE = Path.of("..", "docs", "reference", "faults.md");

  private static final Pattern CELLS = Pattern.compile("\\s*\\|\\s*");

  private static final Map<String, Fault> FAULTS =
      Map.of(
          "reset", new Fault.Reset(),
          "half-open", new Fault.HalfOpen(),
          "black hole", new Fault.BlackHole(),
          "delay", new Fault.Delay(Duration.ofMillis(150)),
          "truncation", new Fault.Truncation(),
          "garbage", new Fault.Garbage(),
          "5xx", new Fault.ServerError(502),
          "slow", new Fault.Slow(8_000));

  /// All cells of the page, in its order.
  static List<Cell> all() throws IOException {
    List<Cell> cells = new ArrayList<>();
    String heading = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        heading = line.toLowerCase(Locale.ROOT);
      }
      String[] words = CELLS.split(line.strip(), -1);
      if (words.length == 6 && FAULTS.containsKey(words[1])) {
        Link link = heading.contains("engine") ? Link.AGENT_ENGINE : Link.GATEWAY_AGENT;
        for (int column = 0; column < 3; column++) {
          cells.add(
              new Cell(link, heading.endsWith("stream"), words[1], column, words[column + 2]));
        }
      }
    }
    return cells;
  }

  static int faults() {
    return FAULTS.size();
  }

  Fault breaks() {
    Fault known = FAULTS.get(fault);
    if (known == null) {
      throw new IllegalStateException("There is no fault " + fault);
    }
    return known;
  }

  Position position() {
    return switch (column) {
      case 0 -> new Position.BeforeHead();
      case 1 -> new Position.BeforeBody();
      // Only a whole answer of the agent has no events.
      default ->
          stream || link == Link.AGENT_ENGINE
              ? new Position.AfterEvents(2)
              : new Position.AfterBytes(20);
    };
  }

  @Override
  public String toString() {
    return "%s, %s, %s, column %d: %s"
        .formatted(link, stream ? "stream" : "whole", fault, column + 1, expected);
  }
}
