package dev.fairlead.lab.bench;

import java.util.List;

/// The work of one comparison. Immutable.
///
/// @param costs all of whose processor time is compared, in this order
/// @param firstByte the one whose time to the first byte is compared
record Rows(List<Row> costs, Row firstByte) {
  private static final int SECONDS = 2;
  private static final int SMALL_REQUESTS = 300_000;
  private static final double THIRD = 1 / 3.0;

  Rows {
    costs = List.copyOf(costs);
  }

  /// For the gateway alone. The most streams come last: the memory is read after them.
  static Rows ofTheGateway() {
    return new Rows(
        List.of(
            small()
                .warmedBy(SMALL_REQUESTS, 20)
                .within(1.6, Proxy.NGINX)
                .within(THIRD, Proxy.VLLM_ROUTER)
                .alsoFor(Proxy.ENVOY, Proxy.VLLM_ROUTER, Proxy.VLLM_ROUTER_IN_TURN, Proxy.LITELLM)
                .alsoWithRedis(),
            body(256)
                .warmedBy(10_000)
                .within(2.4, Proxy.NGINX)
                .within(THIRD, Proxy.VLLM_ROUTER)
                .alsoFor(Proxy.ENVOY, Proxy.VLLM_ROUTER, Proxy.VLLM_ROUTER_IN_TURN),
            body(400).warmedBy(5_000),
            unpaced()
                .warmedBy(5_000)
                .within(1.7, Proxy.NGINX)
                .within(THIRD, Proxy.VLLM_ROUTER)
                .alsoFor(Proxy.ENVOY, Proxy.VLLM_ROUTER, Proxy.VLLM_ROUTER_IN_TURN),
            paced(1_000).within(1.4, Proxy.NGINX).alsoFor(Proxy.ENVOY, Proxy.VLLM_ROUTER)),
        firstByte(500).alsoFor(Proxy.ENVOY, Proxy.VLLM_ROUTER));
  }

  /// For `fairlead up`, whose queue holds fewer streams than that.
  static Rows ofTheWhole() {
    return new Rows(
        List.of(
            small().warmedBy(SMALL_REQUESTS, 20),
            Row.of("the same, 16 tokens", Load.closed(Ask.whole(16), 64, 60_000, SECONDS))
                .warmedBy(SMALL_REQUESTS),
            body(256).warmedBy(10_000),
            unpaced().warmedBy(5_000),
            paced(200)),
        firstByte(100));
  }

  private static Row small() {
    return Row.of(
        "small request, 64 connections, whole answer of 1 token",
        Load.closed(Ask.whole(1), 64, 60_000, SECONDS));
  }

  private static Row body(int kibibytes) {
    return Row.of(
        "%d KiB body, 16 connections, whole answer of 1 token".formatted(kibibytes),
        Load.closed(Ask.whole(1).withBodyBytes(kibibytes << 10), 16, 20_000, SECONDS));
  }

  private static Row unpaced() {
    return Row.of(
        "SSE, 16 streams of 500 tokens as fast as they come",
        Load.closed(Ask.stream(500, 0), 16, 5_000, SECONDS));
  }

  private static Row paced(int streams) {
    return Row.of(
        "SSE, %,d streams of 100 tokens, one each 20 ms".formatted(streams),
        Load.closed(Ask.stream(100, 20), streams, streams, 10));
  }

  private static Row firstByte(int perSecond) {
    return Row.of(
        "time to first byte at %d requests/s".formatted(perSecond),
        Load.fixedRate(Ask.stream(4, 0), perSecond, 3));
  }
}
