package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.dataplane.net.UpstreamFailure.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpClientIT {
  private static final UpstreamTimeouts RELAXED =
      UpstreamTimeouts.connectWithin(Duration.ofSeconds(5));
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @RegisterExtension private static final Net NET = new Net();

  private static UpstreamRequest get(int port) {
    return get(port, RELAXED);
  }

  private static UpstreamRequest get(int port, UpstreamTimeouts timeouts) {
    return UpstreamRequest.get("127.0.0.1", port, "/x", new DefaultHttpHeaders(), timeouts);
  }

  private static UpstreamRequest post(int port, ByteBuf body) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set("content-type", "text/plain")
            .set("connection", "x-hop")
            .set("x-hop", "1")
            .set("transfer-encoding", "chunked");
    return new UpstreamRequest("127.0.0.1", port, "POST", "/x?y", headers, body, RELAXED);
  }

  @Test
  void aRequestIsSentWithItsLengthAndWithoutHopByHopHeaders() {
    List<String> requests = new CopyOnWriteArrayList<>();
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          requests.add(wire.request());
          wire.say("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n");
          wire.say("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
          wire.awaitClose();
        });
    ByteBuf body = Handlers.text("hello");
    Heard heard = NET.send(post(upstream.port(), body)).awaitOver();
    assertThat(heard.lines()).startsWith("head 201").endsWith("end");
    assertThat(heard.body()).isEqualTo("abc");
    assertThat(requests.getFirst())
        .startsWith("POST /x?y HTTP/1.1\r\n")
        .contains("host: 127.0.0.1:" + upstream.port(), "content-length: 5")
        .doesNotContain("x-hop", "transfer-encoding")
        .endsWith("\r\n\r\nhello");
    await().until(() -> body.refCnt() == 1);
    assertThat(body.readableBytes()).isEqualTo(5);
    body.release();
  }

  @Test
  void aConnectionIsUsedAgain() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          while (true) {
            wire.request();
            wire.say(OK);
          }
        });
    var loop = NET.loops().next();
    for (int i = 0; i < 5; i++) {
      var heard = new Heard();
      loop.execute(() -> heard.call(NET.client().send(loop, get(upstream.port()), heard)));
      assertThat(heard.awaitOver().lines()).containsExactly("head 200", "data ok", "end");
    }
    assertThat(upstream.accepted()).isOne();
    assertThat(NET.client().pooledConnections()).isOne();
  }

  @Test
  void anAnswerThatSaysCloseIsNotKept() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc");
        });
    Heard heard = NET.send(get(upstream.port())).awaitOver();
    assertThat(heard.body()).isEqualTo("abc");
    assertThat(heard.lines()).endsWith("end");
    assertThat(NET.client().pooledConnections()).isZero();
  }

  @Test
  void anUnusedConnectionThatEndsIsForgotten() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(OK);
        });
    NET.send(get(upstream.port())).awaitOver();
    await()
        .atMost(Duration.ofSeconds(2))
        .until(() -> NET.client().pooledConnections() == 0 && NET.client().openConnections() == 0);
  }

  @Test
  void aStaleConnectionIsReplacedOnceAndTheBodySentAgain() {
    var requests = new CopyOnWriteArrayList<String>();
    RawUpstream upstream =
        NET.upstream((connection, wire) -> {
          requests.add(connection + wire.request());
          if (connection == 1) {
            wire.say(OK);
            requests.add(connection + wire.request());
            return;
          }
          wire.say(OK);
          wire.awaitClose();
        });
    var loop = NET.loops().next();
    ByteBuf body = Handlers.text("hello");
    for (int i = 0; i < 2; i++) {
      var heard = new Heard();
      loop.execute(() -> heard.call(NET.client().send(loop, post(upstream.port(), body), heard)));
      assertThat(heard.awaitOver().lines()).containsExactly("head 200", "data ok", "end");
    }
    body.release();
    assertThat(requests).hasSize(3).allMatch(request -> request.endsWith("\r\n\r\nhello"));
    assertThat(requests.getLast()).startsWith("2POST");
  }

  @Test
  void aFreshConnectionThatEndsIsNotReplaced() {
    RawUpstream upstream = NET.upstream((_, wire) -> wire.request());
    UpstreamFailure failure = NET.send(get(upstream.port())).failure();
    assertThat(failure.cause()).isEqualTo(Cause.CLOSED);
    assertThat(failure.beforeFirstByte()).isTrue();
    assertThat(failure.maybeProcessed()).isTrue();
    assertThat(upstream.accepted()).isOne();
  }

  @Test
  void aReusedConnectionThatBeganToAnswerIsNotReplaced() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(OK);
          wire.request();
          wire.say("HTT");
        });
    var loop = NET.loops().next();
    var first = new Heard();
    loop.execute(() -> first.call(NET.client().send(loop, get(upstream.port()), first)));
    first.awaitOver();
    var second = new Heard();
    loop.execute(() -> second.call(NET.client().send(loop, get(upstream.port()), second)));
    assertThat(second.failure().cause()).isEqualTo(Cause.CLOSED);
    assertThat(upstream.accepted()).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Length: 10~~abc, TRUNCATED, true",
    "Transfer-Encoding: chunked~~3~abc~, TRUNCATED, true",
    "Transfer-Encoding: chunked~~5~abc, TRUNCATED, true",
    "Transfer-Encoding: chunked~~3~abc~0~, TRUNCATED, true",
    "Content-Le, CLOSED, false",
    "Transfer-Encoding: chunked~~zz~abc~, MALFORMED, true",
  })
  void aTruncatedOrBrokenResponseFailsAndNeverEnds(String rest, Cause cause, boolean responded) {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\n" + rest.replace("~", "\r\n"));
        });
    Heard heard = NET.send(get(upstream.port()));
    assertThat(heard.failure().cause()).isEqualTo(cause);
    assertThat(heard.failure().responded()).isEqualTo(responded);
    assertThat(heard.lines()).doesNotContain("end").containsOnlyOnce("failed");
  }

  @Test
  void aResetWithinAnUnboundedResponseIsNotItsEnd() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\n\r\nabc");
          wire.socket().setSoLinger(true, 0);
        });
    Heard heard = NET.send(get(upstream.port()));
    heard.awaitOver();
    assertThat(heard.lines()).doesNotContain("end");
  }

  @Test
  void whatIsNotHttpFails() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("SSH-2.0-OpenSSH\r\n\r\n");
          wire.awaitClose();
        });
    assertThat(NET.send(get(upstream.port())).failure().cause()).isEqualTo(Cause.MALFORMED);
  }

  @Test
  void aRefusedConnectionWasSurelyNotProcessed() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    UpstreamFailure failure = NET.send(get(port)).failure();
    assertThat(failure.cause()).isEqualTo(Cause.CONNECT_REFUSED);
    assertThat(failure.maybeProcessed()).isFalse();
    assertThat(failure.detail()).contains("127.0.0.1:" + port);
  }

  @Test
  void anUnknownNameFailsAndAKnownOneIsResolved() {
    var headers = new DefaultHttpHeaders();
    assertThat(
            NET.send(UpstreamRequest.get("no-such.invalid", 80, "/", headers, RELAXED))
                .failure()
                .cause())
        .isEqualTo(Cause.UNKNOWN_HOST);
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(OK);
        });
    assertThat(
            NET.send(UpstreamRequest.get("localhost", upstream.port(), "/", headers, RELAXED))
                .awaitOver()
                .lines())
        .endsWith("end");
  }

  @Test
  void timeOutsAreToldApart() {
    RawUpstream silent =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.awaitClose();
        });
    RawUpstream stuck =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          wire.awaitClose();
        });
    UpstreamTimeouts timeouts = RELAXED.withHead(SHORT).withIdle(SHORT);
    assertThat(NET.send(get(silent.port(), timeouts)).failure().cause())
        .isEqualTo(Cause.HEAD_TIMEOUT);
    assertThat(NET.send(get(stuck.port(), timeouts)).failure().cause())
        .isEqualTo(Cause.IDLE_TIMEOUT);
  }

  @Test
  void informationalResponsesAreSkipped() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + OK);
          wire.awaitClose();
        });
    assertThat(NET.send(get(upstream.port())).awaitOver().lines())
        .containsExactly("head 200", "data ok", "end");
  }

  @Test
  void cancelClosesTheConnectionAtOnceAndNothingMoreIsHeard() throws Exception {
    var closed = new CountDownLatch(1);
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
          try {
            wire.awaitClose();
          } finally {
            closed.countDown();
          }
        });
    var loop = NET.loops().next();
    var heard = new Heard();
    loop.execute(() -> heard.call(NET.client().send(loop, get(upstream.port()), heard)));
    heard.awaitLine("data a");
    loop.execute(() -> heard.call().cancel());
    assertThat(closed.await(1, TimeUnit.SECONDS)).isTrue();
    await().until(() -> NET.client().openCalls() == 0);
    assertThat(heard.lines()).containsExactly("head 200", "data a");
  }

  @Test
  void closingTheClientFailsOpenCalls() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          wire.awaitClose();
        });
    Heard heard = NET.send(get(upstream.port())).awaitLine("data abc");
    NET.client().close();
    assertThat(heard.failure().cause()).isEqualTo(Cause.SHUT_DOWN);
  }

  @Test
  void aListenerThatThrowsIsToldAndItsConnectionClosed() {
    RawUpstream upstream =
        NET.upstream((_, wire) -> {
          wire.request();
          wire.say(OK);
          wire.awaitClose();
        });
    var failures = new AtomicInteger();
    var loop = NET.loops().next();
    var listener =
        new ResponseListener() {
          @Override
          public void head(int status, HttpHeaders headers) {
            throw new IllegalStateException("planted");
          }

          @Override
          public void data(ByteBuf part) {}

          @Override
          public void end() {}

          @Override
          public void failed(UpstreamFailure failure) {
            failures.addAndGet(failure.cause() == Cause.INTERNAL ? 1 : 100);
          }
        };
    loop.execute(() -> NET.client().send(loop, get(upstream.port()), listener));
    await().until(() -> failures.get() == 1 && NET.client().openConnections() == 0);
  }
}
