package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The two halves together, as gateway and agent use them.
@ParameterizedClass
@EnumSource(Net.Wire.class)
class RelayIT {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @RegisterExtension private static final Net NET = new Net();

  @Parameter private Net.Wire wire = Net.Wire.PLAIN;

  @BeforeEach
  void speak() {
    NET.speak(wire);
  }

  /// Relays one exchange with back-pressure.
  private static final class Relay implements ResponseListener {
    private final ServerExchange exchange;
    private @Nullable UpstreamCall call;

    private Relay(ServerExchange exchange) {
      this.exchange = exchange;
    }

    static void begin(HttpClient client, int port, ServerExchange exchange, ByteBuf body) {
      var request =
          new UpstreamRequest(
              "127.0.0.1",
              port,
              exchange.method(),
              exchange.target(),
              exchange.headers(),
              body,
              UpstreamTimeouts.connectWithin(Duration.ofSeconds(1)));
      var relay = new Relay(exchange);
      UpstreamCall call = client.send(exchange.loop(), request, relay);
      relay.call = call;
      exchange.onClientGone(call::cancel);
      exchange.onWritable(call::resume);
    }

    @Override
    public void head(int status, HttpHeaders headers) {
      exchange.start(status, headers);
    }

    @Override
    public void data(ByteBuf part) {
      exchange.write(part.retain());
      if (!exchange.writable()) {
        requireNonNull(call).pause();
      }
    }

    @Override
    public void end() {
      exchange.finish();
    }

    @Override
    public void failed(UpstreamFailure failure) {
      if (failure.responded()) {
        exchange.abort();
      } else {
        exchange.refuse(new Refusal(502, "upstream_failed", failure.cause().name()));
      }
    }
  }

  private HttpServer relayTo(int port) {
    return NET.serve(exchange ->
        BodyReceiver.whole(
            exchange, 1 << 20, body -> Relay.begin(NET.client(), port, exchange, body)));
  }

  @Test
  void anAnswerIsRelayedByteForByte() {
    HttpServer origin = NET.servePlain(Handlers::echo);
    RawClient client = NET.dial(relayTo(origin.address().getPort()));
    for (int i = 0; i < 3; i++) {
      client.say("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.answer()).startsWith("HTTP/1.1 200").endsWith("POST /p abc");
    }
  }

  @Test
  void aClientThatLeavesDuringTheSilenceCancelsTheUpstream() throws Exception {
    var asked = new CountDownLatch(1);
    var left = new CountDownLatch(1);
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          asked.countDown();
          try {
            wire.awaitClose();
          } finally {
            left.countDown();
          }
        });
    RawClient client = NET.dial(relayTo(upstream.port())).say(GET);
    assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
    long from = System.nanoTime();
    client.close();
    assertThat(left.await(1, TimeUnit.SECONDS)).isTrue();
    System.getLogger("relay")
        .log(
            System.Logger.Level.INFO,
            "client gone to upstream closed: {0} µs",
            (System.nanoTime() - from) / 1000);
  }

  @Test
  void aTruncatedUpstreamIsAFailureForTheClient() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(HEAD + "3\r\nabc\r\n");
        });
    assertThat(NET.dial(relayTo(upstream.port())).say(GET).rest())
        .endsWith("3\r\nabc\r\n")
        .doesNotContain("0\r\n\r\n");
  }

  /// The upstream offers 256 MiB to a client that reads nothing: it must be stopped by the sockets'
  /// own buffers, and run on when the client reads.
  @Test
  void aClientThatDoesNotReadStopsTheUpstream() {
    var sent = new AtomicLong();
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
    long total = 4096L * 0x10000;
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(HEAD);
          byte[] bytes = chunk.getBytes(ISO_8859_1);
          for (long i = 0; i < total / 0x10000; i++) {
            wire.socket().getOutputStream().write(bytes);
            sent.addAndGet(0x10000);
          }
          wire.say("0\r\n\r\n");
          wire.awaitClose();
        });
    RawClient client = NET.dial(relayTo(upstream.port())).say(GET);
    client.until("\r\n\r\n");
    var last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(10))
        .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isLessThan(total / 4);
    assertThat(client.skipChunks()).isEqualTo(total);
  }
}
