package dev.fairlead.dataplane.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Net.Wire.class)
class ServerLimitsIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(150);

  @RegisterExtension private static final Net NET = new Net();

  @Parameter private Net.Wire wire = Net.Wire.PLAIN;

  @BeforeEach
  void speak() {
    NET.speak(wire);
  }

  /// `~` stands for CR LF, `^` for a bare LF, `!` for NUL. Behind each request a second one is
  /// smuggled, which must never be answered.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1~Host: x~Content-Length: 5~Transfer-Encoding: chunked~~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~Content-Length: 5~~0~~",
        "POST / HTTP/1.1~Host: x~Content-Length: 5~Content-Length: 6~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: 5~Content-Length: 5~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: 5, 5~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: +5~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: -1~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: 0x5~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: 99999999999999999999~~hello",
        "POST / HTTP/1.1~Host: x~Content-Length: ~~hello",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: gzip, chunked~~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked, identity~~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: xchunked~~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: identity~Transfer-Encoding: chunked~~0~~",
        "POST / HTTP/1.0~Host: x~Transfer-Encoding: chunked~~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding : chunked~~0~~",
        "POST / HTTP/1.1~Host: x~Content-Length : 5~~hello",
        "POST / HTTP/1.1^Host: x~Content-Length: 0~~",
        "POST / HTTP/1.1~Host: x^Content-Length: 5~~hello",
        "POST / HTTP/1.1~Host: x~A: b^~~",
        "POST / HTTP/1.1~Host: x~A: b!c~~",
        "POST / HTTP/1.1~Host: x~A b~~",
        "POST / HTTP/1.1~Host: x~: b~~",
        "POST / HTTP/1.1~Host: x~Host: y~~",
        "POST / HTTP/1.1~~",
        "POST / HTTP/1.1~Host: x y~~",
        "POST / HTTP/1.1~Host: a@b~~",
        "PO ST / HTTP/1.1~Host: x~~",
        "P(ST / HTTP/1.1~Host: x~~",
        "GET relative HTTP/1.1~Host: x~~",
        "GET ftp://x/ HTTP/1.1~Host: x~~",
        "GET /%zz HTTP/1.1~Host: x~~",
        "GET /%00 HTTP/1.1~Host: x~~",
        "GET / HTTX/1.1~Host: x~~",
        "GET /~Host: x~~",
        "CONNECT x:80 HTTP/1.1~Host: x~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~z~hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~-5~hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~0x5~hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~5^hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~5;a^b~hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~5~helloXX0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~5~hello^0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~fffffffff~hello~0~~",
        "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~5 5~hello~0~~",
      })
  void anAmbiguousOrMalformedRequestIsA400AndACloseAndSmugglesNothing(String request) {
    var smuggled = new AtomicInteger();
    HttpServer server =
        NET.serve(exchange -> {
          if (exchange.path().equals("/smuggled")) {
            smuggled.incrementAndGet();
          }
          return Handlers.echo(exchange);
        });
    String wire = request.replace("~", "\r\n").replace('^', '\n').replace('!', '\0');
    String answer = NET.dial(server).say(wire + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n").rest();
    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("connection: close")
        .contains("\"code\":\"bad_request\"")
        .doesNotContain("<reset>");
    assertThat(answer.split("HTTP/1.1 \\d", -1)).hasSize(2);
    assertThat(smuggled).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "PRI * HTTP/2.0~~SM~~, 505, http_version_not_supported",
    "GET / HTTP/1.1~Host: x~Expect: magic~~, 417, expectation_failed",
    "POST / HTTP/1.1~Host: x~Content-Length: 101~~, 413, body_too_large",
    "POST / HTTP/1.1~Host: x~Expect: 100-continue~Content-Length: 101~~, 413, body_too_large",
    "POST / HTTP/1.1~Host: x~Transfer-Encoding: chunked~~65~@101~, 413, body_too_large",
    "GET /@300 HTTP/1.1~Host: x~~, 414, request_line_too_long",
    "GET / HTTP/1.1~Host: x~A: @600~~, 431, headers_too_large",
    "GET / HTTP/1.1~Host: x~A:b~A:b~A:b~A:b~A:b~~, 431, too_many_headers",
  })
  void aLimitIsToldWithItsStatus(String request, int status, String code) {
    var options = Net.options().withLimits(new RequestLimits(256, 512, 5, 100));
    HttpServer server = NET.serve(options, Handlers::echo);
    String wire = request.replace("~", "\r\n");
    int at = wire.indexOf('@');
    if (at >= 0) {
      String count = wire.substring(at + 1).split("\\D", 2)[0];
      wire = wire.replace("@" + count, "x".repeat(Integer.parseInt(count)));
    }
    assertThat(NET.dial(server).say(wire).rest())
        .startsWith("HTTP/1.1 " + status)
        .contains("\"code\":\"" + code + "\"")
        .contains("connection: close")
        .doesNotContain("100 Continue");
  }

  @Test
  void aBodyOverTheLimitNamesTheLimitAndReleasesWhatWasKept() {
    var options = Net.options().withLimits(RequestLimits.defaults().withMaxBodyBytes(100_000));
    var events = new CopyOnWriteArrayList<String>();
    HttpServer server =
        NET.serve(
            options,
            exchange -> {
              exchange.onClientGone(() -> events.add("gone"));
              return Handlers.echo(exchange);
            });
    RawClient client = NET.dial(server);
    client.say("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 11; i++) {
      client.say("2710\r\n" + "x".repeat(10_000) + "\r\n");
    }
    assertThat(client.rest()).startsWith("HTTP/1.1 413").contains("limit of 100000 bytes");
    await().untilAsserted(() -> assertThat(events).containsExactly("gone"));
  }

  @Test
  void aHandlersOwnLimitIsA413() {
    HttpServer server =
        NET.serve(exchange -> BodyReceiver.whole(exchange, 10, _ -> exchange.abort()));
    RawClient client = NET.dial(server);
    client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world");
    assertThat(client.answer()).startsWith("HTTP/1.1 413").contains("limit of 10 bytes");
  }

  @Test
  void aSlowHeadIsA408() {
    HttpServer server = NET.serve(timeouts(SHORT, LONG, LONG, LONG), Handlers::echo);
    assertThat(NET.dial(server).say("GET / HT").rest())
        .startsWith("HTTP/1.1 408")
        .contains("header_timeout");
  }

  @Test
  void aSlowBodyIsA408AndTheHandlerIsTold() {
    var events = new CopyOnWriteArrayList<String>();
    HttpServer server =
        NET.serve(
            timeouts(LONG, SHORT, LONG, LONG),
            exchange -> {
              exchange.onClientGone(() -> events.add("gone"));
              return Handlers.echo(exchange);
            });
    RawClient client = NET.dial(server);
    client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    assertThat(client.rest()).startsWith("HTTP/1.1 408").contains("body_timeout");
    await().untilAsserted(() -> assertThat(events).containsExactly("gone"));
  }

  @Test
  void anIdleConnectionIsClosedAndASilentAnswerIsNot() {
    HttpServer server =
        NET.serve(
            timeouts(SHORT, SHORT, SHORT, LONG),
            exchange -> {
              var _ =
                  exchange
                      .loop()
                      .schedule(
                          () -> exchange.respond(200, Handlers.plain(), Handlers.text("late")),
                          SHORT.toMillis() * 4,
                          TimeUnit.MILLISECONDS);
              return BodyReceiver.ignore();
            });
    RawClient client = NET.dial(server);
    assertThat(client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").rest())
        .startsWith("HTTP/1.1 200")
        .endsWith("late");
  }

  @Test
  void aClientThatDoesNotReadIsCutOff() {
    var events = new CopyOnWriteArrayList<String>();
    HttpServer server =
        NET.serve(
            timeouts(LONG, LONG, LONG, SHORT),
            exchange -> {
              exchange.onClientGone(() -> events.add("gone"));
              exchange.start(200, Handlers.plain());
              exchange.onWritable(() -> fill(exchange));
              fill(exchange);
              return BodyReceiver.ignore();
            });
    NET.dial(server).say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await().atMost(Duration.ofSeconds(5)).until(() -> events.contains("gone"));
    assertThat(server.openExchanges()).isZero();
  }

  private static void fill(ServerExchange exchange) {
    while (exchange.writable() && !exchange.finished()) {
      exchange.write(Handlers.text("x".repeat(8_000)));
    }
  }

  @Test
  void aConnectionTooManyIsA503() {
    HttpServer server = NET.serve(connections(new ConnectionLimits(1, 9)), Handlers::echo);
    RawClient first = NET.dial(server);
    first.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
    String answer = NET.dial(server).rest();
    if (wire == Net.Wire.PLAIN) {
      assertThat(answer).startsWith("HTTP/1.1 503").contains("All 1 connections");
    } else {
      assertThat(answer).as("a handshake is more work than a refusal").isEqualTo("<reset>");
    }
    first.close();
    await().until(() -> server.openConnections() == 0);
    NET.dial(server).say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
  }

  @Test
  void aConnectionTooManyOfOneAddressIsA503AndAnotherAddressComesIn() throws Exception {
    HttpServer server = NET.serve(connections(new ConnectionLimits(9, 1)), Handlers::echo);
    RawClient first = NET.dial(server);
    first.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
    String answer = NET.dial(server).rest();
    if (wire == Net.Wire.PLAIN) {
      assertThat(answer)
          .startsWith("HTTP/1.1 503")
          .contains("All 1 connections that one address may have are in use. Try again.");
      InetAddress other = InetAddress.getByName("127.0.0.2");
      var socket = new Socket(InetAddress.getLoopbackAddress(), port(server), other, 0);
      RawClient elsewhere = NET.closing(new RawClient(socket));
      assertThat(elsewhere.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer()).contains(" 200 ");
    } else {
      assertThat(answer).isEqualTo("<reset>");
    }
    first.close();
    await().until(() -> server.openConnections() == (wire == Net.Wire.PLAIN ? 1 : 0));
    NET.dial(server).say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
  }

  private static int port(HttpServer server) {
    return server.address().getPort();
  }

  private static ServerOptions connections(ConnectionLimits limits) {
    return Net.options().withConnections(limits);
  }

  @Test
  void aPortInUseIsNamed() {
    HttpServer server = NET.serve(Handlers::echo);
    int port = server.address().getPort();
    assertThatThrownBy(() -> NET.serve(ServerOptions.of("127.0.0.1", port), Handlers::echo))
        .isInstanceOf(ListenException.class)
        .hasMessageStartingWith("port " + port + " is in use: ");
    assertThatThrownBy(() -> NET.serve(ServerOptions.of("192.0.2.1", 0), Handlers::echo))
        .hasMessageContaining("not an address of this machine");
  }

  @Test
  void drainingFinishesWhatRunsAndClosesTheRest() throws Exception {
    var open = new CopyOnWriteArrayList<ServerExchange>();
    HttpServer server =
        NET.serve(exchange -> {
          if (exchange.path().equals("/quick")) {
            return Handlers.echo(exchange);
          }
          exchange.start(200, Handlers.plain());
          open.add(exchange);
          return BodyReceiver.ignore();
        });
    RawClient idle = NET.dial(server);
    idle.say("GET /quick HTTP/1.1\r\nHost: x\r\n\r\n").answer();
    RawClient busy = NET.dial(server);
    busy.say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").until("\r\n\r\n");
    server.stopAccepting();
    assertThat(idle.rest()).isEmpty();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThatThrownBy(() -> NET.dial(server)).hasMessageContaining("refused"));
    var drained = server.drained().toCompletableFuture();
    assertThat(drained).isNotDone();
    ServerExchange exchange = open.getFirst();
    exchange
        .loop()
        .execute(() -> {
          exchange.write(Handlers.text("last words"));
          exchange.finish();
        });
    assertThat(busy.rest()).endsWith("last words\r\n0\r\n\r\n");
    drained.get(5, TimeUnit.SECONDS);
  }

  @Test
  void anAnswerDuringTheDrainSaysClose() {
    var open = new CopyOnWriteArrayList<ServerExchange>();
    HttpServer server =
        NET.serve(exchange -> {
          open.add(exchange);
          return BodyReceiver.ignore();
        });
    RawClient client = NET.dial(server).say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await().until(() -> open.size() == 1);
    server.stopAccepting();
    ServerExchange exchange = open.getFirst();
    exchange.loop().execute(() -> exchange.respond(200, Handlers.plain(), Handlers.text("bye")));
    assertThat(client.rest()).contains("connection: close").endsWith("bye");
  }

  private static ServerOptions timeouts(
      Duration header, Duration body, Duration idle, Duration stall) {
    return Net.options().withTimeouts(new ServerTimeouts(header, body, idle, stall));
  }
}
