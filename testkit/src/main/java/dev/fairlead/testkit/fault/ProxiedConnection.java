package dev.fairlead.testkit.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fairlead.testkit.fault.FaultPlan.Planned;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One client's connection and the one that leads on, with a thread for each direction. A request
/// sets the fault of its answer before it is passed on.
final class ProxiedConnection {
  private static final int READ = 16 << 10;
  private static final int SLOW_PIECES_A_SECOND = 20;

  /// The fault of the answer that is awaited, and where it strikes.
  private record Awaited(Fault fault, Locator locator) {}

  private final Socket client;
  private final Socket server;
  private final FaultPlan plan;
  private final CountDownLatch closed;
  private final CountDownLatch cut = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger(2);
  private volatile @Nullable Awaited awaited;
  private volatile boolean deaf;
  private volatile boolean swallowing;

  ProxiedConnection(Socket client, Socket server, FaultPlan plan, CountDownLatch closed) {
    this.client = client;
    this.server = server;
    this.plan = plan;
    this.closed = closed;
  }

  void start(Runnable whenOver) {
    Runnable over =
        () -> {
          if (running.decrementAndGet() == 0) {
            whenOver.run();
          }
        };
    Thread.ofVirtual().name("fault-proxy-requests").start(() -> run(this::requests, over));
    Thread.ofVirtual().name("fault-proxy-answers").start(() -> run(this::answers, over));
  }

  /// Closes both connections, whatever state they are in.
  void cut() {
    cut.countDown();
    close(client);
    close(server);
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It is closed already.
    }
    close(socket);
  }

  private interface Direction {
    void run() throws IOException, InterruptedException;
  }

  private void run(Direction direction, Runnable over) {
    try {
      direction.run();
    } catch (IOException _) {
      // One side is gone, so the other one goes.
      cut();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      cut();
    } finally {
      over.run();
    }
  }

  private void requests() throws IOException, InterruptedException {
    byte[] buffer = new byte[READ];
    int length = client.getInputStream().read(buffer);
    while (length >= 0) {
      Optional<Planned> planned =
          plan.claim(new String(buffer, 0, Math.min(length, 64), ISO_8859_1));
      if (planned.isPresent()) {
        await(planned.get());
      }
      if (!swallowing) {
        server.getOutputStream().write(buffer, 0, length);
      }
      holdIfDeaf();
      length = client.getInputStream().read(buffer);
      holdIfDeaf();
    }
    cut();
  }

  private void await(Planned planned) {
    if (planned.fault() instanceof Fault.BlackHole
        && planned.position() instanceof Position.BeforeHead) {
      plan.strikes();
      swallowing = true;
    } else {
      awaited = new Awaited(planned.fault(), new Locator(planned.position()));
    }
  }

  private void answers() throws IOException, InterruptedException {
    byte[] buffer = new byte[READ];
    OutputStream out = client.getOutputStream();
    int length = server.getInputStream().read(buffer);
    while (length >= 0) {
      Awaited now = awaited;
      int at = now == null || swallowing ? -1 : now.locator().strikesAt(buffer, length);
      if (now != null && at >= 0) {
        awaited = null;
        out.write(buffer, 0, at);
        plan.strikes();
        if (!strike(now.fault(), buffer, at, length)) {
          return;
        }
      } else if (!swallowing) {
        out.write(buffer, 0, length);
      }
      holdIfDeaf();
      length = server.getInputStream().read(buffer);
      holdIfDeaf();
    }
    if (!swallowing) {
      cut();
    }
  }

  /// Does what the fault says to the bytes from `from` on; false when nothing of the upstream's is
  /// to be read any more.
  private boolean strike(Fault fault, byte[] buffer, int from, int to)
      throws IOException, InterruptedException {
    OutputStream out = client.getOutputStream();
    switch (fault) {
      case Fault.Reset _ -> {
        reset(client);
        reset(server);
        return false;
      }
      case Fault.HalfOpen _ -> deaf = true;
      case Fault.BlackHole _ -> swallowing = true;
      case Fault.Delay delay -> {
        pause(delay.time());
        out.write(buffer, from, to - from);
      }
      case Fault.Truncation _ -> {
        end("");
        return false;
      }
      case Fault.Garbage _ -> {
        end("\u0000\u0001\u00fe\u00ff no http \r\r\n{]:".repeat(4));
        return false;
      }
      case Fault.ServerError error -> {
        end(page(error.status()));
        return false;
      }
      case Fault.Slow slow -> {
        slowly(slow.bytesPerSecond(), buffer, from, to);
        return false;
      }
    }
    return true;
  }

  private static String page(int status) {
    String html = "<html><body><h1>%d by the fault proxy</h1></body></html>".formatted(status);
    return "HTTP/1.1 %d Error\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, html.length(), html);
  }

  /// Says the last words and ends cleanly; what the client still sends is dropped.
  private void end(String lastWords) throws IOException {
    swallowing = true;
    close(server);
    client.getOutputStream().write(lastWords.getBytes(ISO_8859_1));
    client.shutdownOutput();
  }

  private void slowly(int bytesPerSecond, byte[] buffer, int from, int to)
      throws IOException, InterruptedException {
    int piece = Math.max(1, bytesPerSecond / SLOW_PIECES_A_SECOND);
    Duration pause = Duration.ofSeconds(1).multipliedBy(piece).dividedBy(bytesPerSecond);
    int at = from;
    int end = to;
    while (end >= 0) {
      while (at < end) {
        int length = Math.min(piece, end - at);
        client.getOutputStream().write(buffer, at, length);
        at += length;
        pause(pause);
      }
      at = 0;
      end = server.getInputStream().read(buffer);
    }
    cut();
  }

  private void pause(Duration time) throws InterruptedException {
    var _ = cut.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void holdIfDeaf() throws InterruptedException {
    if (deaf) {
      closed.await();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // What cannot be closed is closed.
    }
  }
}
