package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Which silence of an upstream is taken for work, and which for its end.
class SilenceIT {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final UpstreamTimeouts PATIENT =
      UpstreamTimeouts.connectWithin(Duration.ofSeconds(5));
  private static final UpstreamTimeouts HASTY = PATIENT.withHead(SHORT).withIdle(SHORT);

  @RegisterExtension private static final Net NET = new Net();

  @Test
  void anUpstreamThatSaysThatItWorksIsWaitedFor() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          for (int i = 0; i < 8; i++) {
            pause(SHORT.dividedBy(5));
            wire.say("HTTP/1.1 102 Processing\r\n\r\n");
          }
          wire.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          wire.awaitClose();
        });

    Heard heard = NET.send(get(upstream.port())).awaitOver();

    assertThat(heard.lines())
        .as("%s", heard.problem())
        .containsExactly("head 200", "data ok", "end");
  }

  @Test
  void anUpstreamThatSaidSoAndFallsSilentIsGivenUp() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 102 Processing\r\n\r\n");
          wire.awaitClose();
        });

    assertThat(NET.send(get(upstream.port())).failure().cause()).isEqualTo(Cause.HEAD_TIMEOUT);
  }

  @Test
  void aLongRequestThatIsTakenSlowlyIsNoSilence() {
    int length = 24 << 20;
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          InputStream in = wire.socket().getInputStream();
          for (int read = 0; read < length; read += 1 << 20) {
            in.readNBytes(1 << 20);
            pause(SHORT.dividedBy(12));
          }
          wire.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
          wire.awaitClose();
        });
    ByteBuf body = Handlers.text("x".repeat(length));

    Heard heard = NET.send(post(upstream.port(), body)).awaitOver();

    body.release();
    assertThat(heard.lines()).as("%s", heard.problem()).contains("head 200", "end");
  }

  @Test
  void aLongRequestThatIsNotTakenIs() {
    var over = new CountDownLatch(1);
    RawUpstream upstream = NET.upstream((_, _) -> pause(over, Duration.ofSeconds(20)));
    ByteBuf body = Handlers.text("x".repeat(24 << 20));

    assertThat(NET.send(post(upstream.port(), body)).failure().cause())
        .isEqualTo(Cause.HEAD_TIMEOUT);

    over.countDown();
    body.release();
  }

  @Test
  void theKernelNoticesAPeerThatTakesNothing() {
    assumeThat(Epoll.isAvailable()).as("epoll, without which the kernel's defaults hold").isTrue();
    ClientOptions usual = ClientOptions.defaults();
    var options =
        new ClientOptions(
            usual.maxIdlePerAddress(),
            usual.idle(),
            usual.stale(),
            usual.maxHeaderBytes(),
            Duration.ofSeconds(1));
    var over = new CountDownLatch(1);
    RawUpstream upstream = NET.upstream((_, _) -> pause(over, Duration.ofSeconds(20)));
    ByteBuf body = Handlers.text("x".repeat(24 << 20));
    var heard = new Heard();
    try (var client = new HttpClient(options, NET.loops())) {
      var loop = NET.loops().next();
      UpstreamRequest request = post(upstream.port(), body, PATIENT);
      loop.execute(() -> heard.call(client.send(loop, request, heard)));

      assertThat(heard.failure().cause()).isEqualTo(Cause.CLOSED);
    }
    over.countDown();
    body.release();
  }

  private static UpstreamRequest get(int port) {
    return UpstreamRequest.get("127.0.0.1", port, "/", new DefaultHttpHeaders(), HASTY);
  }

  private static UpstreamRequest post(int port, ByteBuf body) {
    return post(port, body, HASTY);
  }

  private static UpstreamRequest post(int port, ByteBuf body, UpstreamTimeouts timeouts) {
    return new UpstreamRequest(
        "127.0.0.1", port, "POST", "/", new DefaultHttpHeaders(), body, timeouts);
  }

  private static void pause(Duration time) throws IOException {
    pause(new CountDownLatch(1), time);
  }

  private static void pause(CountDownLatch over, Duration time) throws IOException {
    try {
      var _ = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
