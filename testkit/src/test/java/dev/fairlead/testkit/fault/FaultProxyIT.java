package dev.fairlead.testkit.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyIT {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n";
  private static final String BODY = "data: 1\n\ndata: 2\n\ndata: 3\n\n";
  private static final Position MIDDLE = new Position.AfterEvents(1);

  private final FaultPlan plan = FaultPlan.forRequests("POST ");
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> served = new CopyOnWriteArrayList<>();
  private final AtomicInteger left = new AtomicInteger();
  private ServerSocket upstream;
  private FaultProxy proxy;
  private Socket client;

  @BeforeEach
  void start() throws IOException {
    upstream = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
    proxy = FaultProxy.before(upstream.getLocalPort(), plan);
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(5_000);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    proxy.close();
    await().until(() -> proxy.openConnections() == 0);
    upstream.close();
    for (Socket socket : served) {
      socket.close();
    }
  }

  @Test
  void withoutAFaultEverythingPasses() throws IOException {
    assertThat(ask("POST")).isEqualTo(HEAD + BODY);
    assertThat(ask("POST")).isEqualTo(HEAD + BODY);
    assertThat(plan.struck()).isZero();
  }

  @Test
  void aFaultStrikesOneRequestOfItsKind() throws IOException {
    plan.next(new Fault.Delay(Duration.ofMillis(1)), MIDDLE);

    assertThat(ask("GET")).isEqualTo(HEAD + BODY);
    assertThat(plan.struck()).isZero();
    assertThat(ask("POST")).isEqualTo(HEAD + BODY);
    assertThat(plan.struck()).isEqualTo(1);
    assertThat(plan.left()).isZero();
  }

  @Test
  void aResetIsAReset() throws IOException {
    plan.next(new Fault.Reset(), MIDDLE);

    say("POST");

    assertThatThrownBy(() -> client.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class);
  }

  @Test
  void aTruncationIsACleanEnd() throws IOException {
    plan.next(new Fault.Truncation(), new Position.BeforeBody());

    say("POST");

    assertThat(rest()).isEqualTo(HEAD);
  }

  @Test
  void aHalfOpenConnectionIsSilentAndDoesNotTellTheUpstreamThatTheClientLeft() throws IOException {
    plan.next(new Fault.HalfOpen(), MIDDLE);

    say("POST");

    assertThat(bytes(HEAD.length() + 9)).endsWith("data: 1\n\n");
    assertSilence();
    client.close();
    await().during(Duration.ofMillis(200)).until(() -> left.get() == 0);
    proxy.close();
    await().until(() -> left.get() == 1);
  }

  @Test
  void aBlackHoleTakesARequestAndNeverAnswers() throws IOException {
    plan.next(new Fault.BlackHole(), new Position.BeforeHead());

    say("POST");

    assertSilence();
    assertThat(requests).isEmpty();
  }

  @Test
  void garbageComesInsteadOfTheRest() throws IOException {
    plan.next(new Fault.Garbage(), new Position.BeforeHead());

    say("POST");

    assertThat(rest()).contains("no http").doesNotContain("200");
  }

  @Test
  void aServerErrorComesInsteadOfTheRest() throws IOException {
    plan.next(new Fault.ServerError(502), MIDDLE);

    say("POST");

    assertThat(rest()).startsWith(HEAD + "data: 1\n\nHTTP/1.1 502 ").endsWith("</html>");
  }

  @Test
  void aSlowAnswerIsComplete() throws IOException {
    plan.next(new Fault.Slow(400), new Position.BeforeHead());

    assertThat(ask("POST")).isEqualTo(HEAD + BODY);
  }

  @Test
  void closingTheProxyEndsWhatIsHeld() throws IOException {
    plan.next(new Fault.HalfOpen(), new Position.BeforeHead());
    say("POST");
    await().until(() -> plan.struck() == 1);

    proxy.close();

    await().until(() -> proxy.openConnections() == 0);
  }

  private void assertSilence() throws IOException {
    client.setSoTimeout(200);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  private void say(String method) throws IOException {
    client
        .getOutputStream()
        .write((method + " / HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(ISO_8859_1));
  }

  private String ask(String method) throws IOException {
    say(method);
    return bytes(HEAD.length() + BODY.length());
  }

  private String bytes(int count) throws IOException {
    return new String(client.getInputStream().readNBytes(count), ISO_8859_1);
  }

  private String rest() throws IOException {
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = upstream.accept();
        served.add(socket);
        Thread.ofVirtual().start(() -> answer(socket));
      }
    } catch (IOException _) {
      // Closed: that is how it ends.
    }
  }

  private void answer(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      while (true) {
        var request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            left.incrementAndGet();
            return;
          }
          request.append((char) next);
        }
        requests.add(request.toString());
        socket.getOutputStream().write((HEAD + BODY).getBytes(ISO_8859_1));
      }
    } catch (IOException _) {
      left.incrementAndGet();
    }
  }
}
