package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who reads little, and who reads nothing.
final class StallWatchIT {
  private static final Duration STALL = Duration.ofSeconds(2);
  private static final int PART = 4 << 20;
  private static final int SIP = 64 << 10;

  /// The kernel lets more be written once a third of its buffer is free: a few of these.
  private static final Duration BETWEEN_SIPS = Duration.ofMillis(150);

  /// For about twice as long as a client may read nothing.
  private static final int SIPS = 26;

  @RegisterExtension private static final Net NET = new Net();

  /// One part that is larger than all buffers on the way: Netty takes off nothing of what is
  /// pending before the last byte of it has left.
  @Test
  void aSlowReaderOfOneLargePartIsNotCut() throws Exception {
    HttpServer server =
        NET.serve(
            Net.options()
                .withTimeouts(new ServerTimeouts(STALL, STALL, STALL.multipliedBy(9), STALL)),
            exchange -> {
              exchange.start(200, Handlers.plain());
              exchange.write(Unpooled.wrappedBuffer(new byte[PART]));
              exchange.finish();
              return BodyReceiver.ignore();
            });
    try (Socket client = new Socket()) {
      client.setReceiveBufferSize(SIP);
      client.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.address().getPort()));
      client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1));
      var in = new DataInputStream(client.getInputStream());

      sip(in);

      assertThat(in.readNBytes(PART - SIPS * SIP)).hasSize(PART - SIPS * SIP);
      await().until(() -> server.openExchanges() == 0);
    }
  }

  private static void sip(DataInputStream in) throws Exception {
    var sips = new AtomicInteger();
    ScheduledFuture<?> sipping =
        NET.loops()
            .next()
            .scheduleAtFixedRate(
                () -> {
                  if (sips.get() == SIPS) {
                    return;
                  }
                  try {
                    in.readFully(new byte[SIP]);
                    sips.incrementAndGet();
                  } catch (IOException e) {
                    throw new IllegalStateException("cut after " + sips, e);
                  }
                },
                0,
                BETWEEN_SIPS.toMillis(),
                TimeUnit.MILLISECONDS);
    await().until(() -> sips.get() >= SIPS || sipping.isDone());
    assertThat(sipping.isDone()).as("cut after %s sips", sips).isFalse();
    sipping.cancel(false);
  }
}
