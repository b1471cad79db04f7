package dev.fairlead.app.control;

import dev.fairlead.dataplane.net.ServerExchange;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what may take time off the event loops: runs it elsewhere and comes back with the result.
/// Called on an exchange's loop.
final class Background {
  private static final Logger log = LoggerFactory.getLogger(Background.class);

  private final Executor executor;

  Background(Executor executor) {
    this.executor = executor;
  }

  /// Answers with what `work` returns.
  void answer(ServerExchange exchange, Supplier<Answer> work) {
    run(exchange, work, answer -> answer.send(exchange));
  }

  /// Hands what `work` returns to `then`, on the loop. When `work` throws, the answer is a 500.
  <T> void run(ServerExchange exchange, Supplier<T> work, Consumer<T> then) {
    EventLoop loop = exchange.loop();
    String path = exchange.path();
    try {
      executor.execute(() -> {
        Runnable back;
        try {
          T result = work.get();
          back = () -> then.accept(result);
        } catch (RuntimeException e) {
          log.error("request failed path={}", path, e);
          back =
              () ->
                  Answer.refused(500, "internal_error", "Fairlead failed. Its log says why.")
                      .send(exchange);
        }
        loop.execute(back);
      });
    } catch (RejectedExecutionException _) {
      Answer.refused(503, "shutting_down", "Fairlead is shutting down.").send(exchange);
    }
  }
}
