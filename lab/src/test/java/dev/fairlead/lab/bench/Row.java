package dev.fairlead.lab.bench;

import java.util.List;

/// A kind of work that is compared. Immutable.
///
/// @param perEvent whether costs are told for an event of a stream, else for a request
record Row(String name, Load load, boolean perEvent) {
  private static final int SECONDS = 2;

  /// All of whose processor time is compared, each bounded by requests and by time.
  static List<Row> costs() {
    return List.of(
        new Row(
            "small request, 64 connections, whole answer of 1 token",
            Load.closed(Ask.whole(1), 64, 60_000, SECONDS),
            false),
        new Row("the same, 16 tokens", Load.closed(Ask.whole(16), 64, 60_000, SECONDS), false),
        new Row(
            "256 KiB body, 16 connections, whole answer of 1 token",
            Load.closed(Ask.whole(1).withBodyBytes(256 << 10), 16, 20_000, SECONDS),
            false),
        new Row(
            "SSE, 16 streams of 500 tokens as fast as they come",
            Load.closed(Ask.stream(500, 0), 16, 5_000, SECONDS),
            true),
        new Row(
            "SSE, 200 streams of 100 tokens, one each 20 ms",
            Load.closed(Ask.stream(100, 20), 200, 200, 10),
            true));
  }

  /// The one whose time to the first byte is compared.
  static Row firstByte() {
    return new Row(
        "time to first byte at 100 requests/s", Load.fixedRate(Ask.stream(4, 0), 100, 3), false);
  }

  int unitsPerRequest() {
    return perEvent ? load.ask().events() : 1;
  }

  String unit() {
    return perEvent ? "event" : "request";
  }
}
