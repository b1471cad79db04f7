package dev.fairlead.dataplane.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Net.Wire.class)
class ServerAnswersIT {
  private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n";

  @RegisterExtension private static final Net NET = new Net();

  @Parameter private Net.Wire wire = Net.Wire.PLAIN;

  @BeforeEach
  void speak() {
    NET.speak(wire);
  }

  @Test
  void wholeAnswersKeepTheConnection() {
    RawClient client = NET.dial(NET.serve(Handlers::echo));
    for (int i = 0; i < 3; i++) {
      String answer =
          client.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi").answer();
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nPOST /a hi");
      assertThat(answer.toLowerCase(Locale.ROOT))
          .doesNotContain("server:")
          .doesNotContain("connection:");
    }
  }

  @Test
  void partsArriveAsTheyAreWritten() {
    var open = new AtomicReference<ServerExchange>();
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              exchange.start(200, Sse.headers());
              open.set(exchange);
              return BodyReceiver.ignore();
            }));
    client.say(GET);
    assertThat(client.until("\r\n\r\n"))
        .contains("transfer-encoding: chunked")
        .contains("text/event-stream");
    ServerExchange exchange = open.get();
    exchange.loop().execute(() -> exchange.write(Sse.data(ByteBufAllocator.DEFAULT, "one")));
    assertThat(client.until("one\n\n\r\n")).isEqualTo("b\r\ndata: one\n\n\r\n");
    exchange.loop().execute(exchange::finish);
    assertThat(client.until("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
    client.say(GET);
    client.until("chunked");
  }

  @Test
  void partsOfOneTurnLeaveAsOneChunk() {
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              exchange.start(200, Handlers.plain());
              exchange.write(Handlers.text("ab"));
              exchange.write(Handlers.text("cd"));
              exchange.write(Handlers.text("e".repeat(5000)));
              exchange.finish();
              return BodyReceiver.ignore();
            }));
    client.say(GET);
    client.until("\r\n\r\n");
    assertThat(client.until("0\r\n\r\n"))
        .isEqualTo("4\r\nabcd\r\n1388\r\n" + "e".repeat(5000) + "\r\n0\r\n\r\n");
  }

  @Test
  void aHeadRequestGetsTheLengthAndNoBody() {
    RawClient client = NET.dial(NET.serve(Handlers::echo));
    client.say("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + GET);
    assertThat(client.until("\r\n\r\n")).contains("content-length: 8");
    assertThat(client.answer()).endsWith("GET /a?b=c ");
  }

  @Test
  void aClientOfHttp10GetsNoChunksAndAClose() {
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              exchange.start(200, Handlers.plain());
              exchange.write(Handlers.text("abc"));
              exchange.finish();
              return BodyReceiver.ignore();
            }));
    client.say("GET / HTTP/1.0\r\n\r\n");
    assertThat(client.rest()).doesNotContain("chunked").endsWith("\r\n\r\nabc");
  }

  @Test
  void pipelinedRequestsAreServedOneAfterTheOther() {
    var running = new AtomicInteger();
    var order = new CopyOnWriteArrayList<String>();
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              order.add(exchange.target() + " " + running.incrementAndGet());
              exchange
                  .loop()
                  .execute(() -> {
                    running.decrementAndGet();
                    exchange.respond(200, Handlers.plain(), Handlers.text(exchange.target()));
                  });
              return BodyReceiver.ignore();
            }));
    var requests = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      requests.append("GET /%d HTTP/1.1\r\nHost: x\r\n\r\n".formatted(i));
    }
    client.say(requests.toString());
    var expected = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      assertThat(client.answer()).endsWith("\r\n\r\n/" + i);
      expected.add("/" + i + " 1");
    }
    assertThat(order).isEqualTo(expected);
  }

  @Test
  void expectedContinueIsSaidBeforeTheBody() {
    RawClient client = NET.dial(NET.serve(Handlers::echo));
    client.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertThat(client.until("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    assertThat(client.say("ok").answer()).endsWith("POST / ok");
  }

  @Test
  void aRefusalComesInsteadOfContinue() {
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              exchange.refuse(new Refusal(401, "no_key", "No \"key\"."));
              return BodyReceiver.ignore();
            }));
    client.say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertThat(client.rest())
        .startsWith("HTTP/1.1 401")
        .contains("connection: close")
        .endsWith(
            """
            {"error":{"message":"No \\"key\\".","type":"authentication_error","param":null,\
            "code":"no_key"}}\
            """);
  }

  @Test
  void anAbsoluteTargetOverrulesHost() {
    RawClient client =
        NET.dial(
            NET.serve(exchange -> {
              exchange.respond(
                  200,
                  Handlers.plain(),
                  Handlers.text(
                      exchange.header("host") + " " + exchange.path() + " " + exchange.query("q")));
              return BodyReceiver.ignore();
            }));
    client.say("GET http://real:80/a%20b?q=1%2B1 HTTP/1.1\r\nHost: other\r\n\r\n");
    assertThat(client.answer()).endsWith("\r\n\r\nreal:80 /a b 1+1");
  }

  @Test
  void aClientThatLeavesWhileAllIsSilentIsNoticed() {
    var events = new CopyOnWriteArrayList<String>();
    HttpServer server =
        NET.serve(exchange -> {
          exchange.onClientGone(() -> events.add("gone " + exchange.finished()));
          events.add("accepted");
          return BodyReceiver.ignore();
        });
    RawClient client = NET.dial(server);
    client.say(GET);
    await().until(() -> events.contains("accepted"));
    assertThat(server.openExchanges()).isOne();
    client.close();
    await().atMost(Duration.ofSeconds(1)).until(() -> events.contains("gone true"));
    await().atMost(Duration.ofSeconds(1)).until(() -> server.openExchanges() == 0);
    assertThat(events).containsExactly("accepted", "gone true");
  }

  @Test
  void aClientThatLeavesAfterTheAnswerIsNotReported() {
    var events = new CopyOnWriteArrayList<String>();
    HttpServer server =
        NET.serve(exchange -> {
          exchange.onClientGone(() -> events.add("gone"));
          return Handlers.echo(exchange);
        });
    RawClient client = NET.dial(server);
    client.say(GET).answer();
    client.close();
    await().until(() -> server.openConnections() == 0);
    assertThat(events).isEmpty();
  }

  @Test
  void anAbortedStreamIsAnErrorForTheClientAndKeepsWhatWasSent() throws Exception {
    HttpServer server =
        NET.serve(exchange -> {
          exchange.start(200, Sse.headers());
          exchange.write(Handlers.text("event: error\ndata: {}\n\n"));
          exchange.abort();
          return BodyReceiver.ignore();
        });
    RawClient client = NET.dial(server);
    client.say(GET);
    assertThat(client.rest()).endsWith("event: error\ndata: {}\n\n\r\n");
    var request = HttpRequest.newBuilder(NET.uri(server, "/")).build();
    try (var jdk = NET.jdkClient()) {
      assertThatThrownBy(() -> jdk.send(request, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAbortWithoutChunksOrBeforeTheAnswerIsAReset() {
    HttpServer server =
        NET.serve(exchange -> {
          if (exchange.path().equals("/started")) {
            exchange.start(200, Handlers.plain());
            exchange.write(Handlers.text("abc"));
          }
          exchange.abort();
          return BodyReceiver.ignore();
        });
    assertThat(NET.dial(server).say("GET /started HTTP/1.0\r\n\r\n").rest()).endsWith("<reset>");
    assertThat(NET.dial(server).say(GET).rest()).isEqualTo("<reset>");
  }

  @Test
  void aHandlerThatThrowsIsA500() {
    HttpServer server =
        NET.serve(exchange -> {
          throw new IllegalStateException("planted");
        });
    assertThat(NET.dial(server).say(GET).rest())
        .startsWith("HTTP/1.1 500")
        .contains("\"code\":\"internal_error\"")
        .doesNotContain("planted");
  }

  @Test
  void theSameBytesInAnyPiecesGiveTheSameAnswers() {
    HttpServer server = NET.serve(Handlers::echo);
    String requests =
        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
            + "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            + "POST /4 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nz";
    String whole = NET.dial(server).say(requests).rest();
    assertThat(whole).contains("POST /1 hello", "GET /2 ", "POST /3 abcde").endsWith("POST /4 z");
    for (long seed = 0; seed < 20; seed++) {
      RawClient client = NET.dial(server);
      for (String piece : pieces(requests, new Random(seed))) {
        client.say(piece);
      }
      assertThat(client.rest()).as("seed " + seed).isEqualTo(whole);
    }
  }

  private static List<String> pieces(String text, Random random) {
    var pieces = new ArrayList<String>();
    byte[] bytes = text.getBytes(ISO_8859_1);
    int from = 0;
    while (from < bytes.length) {
      int size = Math.min(bytes.length - from, 1 + random.nextInt(1 + random.nextInt(40)));
      pieces.add(new String(bytes, from, size, ISO_8859_1));
      from += size;
    }
    return pieces;
  }
}
