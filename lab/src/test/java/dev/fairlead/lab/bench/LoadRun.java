package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.dataplane.net.HttpClient;
import dev.fairlead.dataplane.net.ResponseListener;
import dev.fairlead.dataplane.net.UpstreamFailure;
import dev.fairlead.dataplane.net.UpstreamRequest;
import dev.fairlead.dataplane.net.UpstreamTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One load on one server, with every answer checked. Confined to its event loop but for `run`.
final class LoadRun {
  private static final UpstreamTimeouts TIMEOUTS =
      UpstreamTimeouts.connectWithin(Duration.ofSeconds(5)).withIdle(Duration.ofSeconds(10));

  private final HttpClient client;
  private final EventLoop loop;
  private final Load load;
  private final ByteBuf body;
  private final int[] firstByteMicros;
  private final CompletableFuture<Measured> measured = new CompletableFuture<>();
  private long startedAt;
  private int begun;
  private int open;
  private int finished;
  private int wrong;
  private String problem = "";
  private @Nullable Future<?> ticks;

  LoadRun(HttpClient client, EventLoop loop, Load load) {
    this.client = client;
    this.loop = loop;
    this.load = load;
    byte[] json = load.ask().json().getBytes(UTF_8);
    this.body = Unpooled.directBuffer(json.length).writeBytes(json);
    this.firstByteMicros = new int[load.requests()];
  }

  /// Waits for the last answer.
  Measured run() {
    loop.execute(this::start);
    return measured.join();
  }

  private void start() {
    startedAt = System.nanoTime();
    if (load.perSecond() > 0) {
      long period = TimeUnit.SECONDS.toNanos(1) / load.perSecond();
      ticks = loop.scheduleAtFixedRate(this::next, 0, period, TimeUnit.NANOSECONDS);
      return;
    }
    for (int i = 0; i < load.connections(); i++) {
      next();
    }
  }

  private void next() {
    boolean late = System.nanoTime() - startedAt > TimeUnit.SECONDS.toNanos(load.seconds());
    if (begun < load.requests() && !late && wrong == 0) {
      begun++;
      open++;
      var _ = client.send(loop, request(), new Checked());
    } else if (open == 0 && !measured.isDone()) {
      end();
    }
  }

  private UpstreamRequest request() {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
            .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + GatewayProgram.KEY);
    return new UpstreamRequest(
        "127.0.0.1", load.port(), "POST", "/v1/chat/completions", headers, body, TIMEOUTS);
  }

  private void end() {
    if (ticks != null) {
      ticks.cancel(false);
    }
    body.release();
    double seconds = (System.nanoTime() - startedAt) / 1e9;
    List<Integer> sorted = Arrays.stream(firstByteMicros, 0, finished).sorted().boxed().toList();
    measured.complete(new Measured(finished, wrong, problem, seconds, sorted));
  }

  private final class Checked implements ResponseListener {
    private final long sentAt = System.nanoTime();
    private final AnswerCheck check = AnswerCheck.of(load.ask());
    private int micros;

    @Override
    public void head(int status, HttpHeaders headers) {
      check.status(status);
    }

    @Override
    public void data(ByteBuf part) {
      if (micros == 0) {
        micros = (int) Math.max(1, (System.nanoTime() - sentAt) / 1_000);
      }
      check.data(part);
    }

    @Override
    public void end() {
      over(check.problem());
    }

    @Override
    public void failed(UpstreamFailure failure) {
      over(failure.cause() + " " + failure.detail());
    }

    private void over(String told) {
      open--;
      if (told.isEmpty()) {
        firstByteMicros[finished++] = micros;
      } else if (wrong++ == 0) {
        problem = told;
      }
      // At a fixed rate only the clock begins requests.
      if (load.perSecond() == 0 || begun == load.requests()) {
        next();
      }
    }
  }
}
