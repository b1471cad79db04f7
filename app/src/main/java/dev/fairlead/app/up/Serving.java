package dev.fairlead.app.up;

import dev.fairlead.api.ParseResult;
import dev.fairlead.api.Problem;
import dev.fairlead.app.config.Timeouts;
import dev.fairlead.app.control.Instances;
import dev.fairlead.app.local.LocalFairlead;
import dev.fairlead.app.terminal.Interrupts;
import dev.fairlead.core.plan.Note;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What runs between the greeting and the end of the process: edits of files are taken up, a signal
/// ends it in good order. Used by one thread.
final class Serving {
  /// What a shell reports for a program that SIGINT ended.
  private static final int INTERRUPTED = 130;

  private final LocalFairlead fairlead;
  private final Wanted wanted;
  private final Listeners listeners;
  private final Instances.Registration registration;
  private final ConfigurationEdits edits;
  private final PrintStream out;
  private final PrintStream err;

  /// What runs.
  record Parts(
      LocalFairlead fairlead,
      Wanted wanted,
      Listeners listeners,
      Instances.Registration registration,
      ConfigurationEdits edits) {}

  Serving(Parts parts, PrintStream out, PrintStream err) {
    fairlead = parts.fairlead();
    wanted = parts.wanted();
    listeners = parts.listeners();
    registration = parts.registration();
    edits = parts.edits();
    this.out = out;
    this.err = err;
  }

  /// Serves until Ctrl-C or SIGTERM, then drains; another one ends everything at once.
  int untilStopped() {
    CountDownLatch stop = new CountDownLatch(1);
    Runnable signalled =
        () -> {
          if (stop.getCount() == 0) {
            try {
              registration.close();
            } finally {
              // Engines end with this process: their watchers see its end of the pipe close.
              Runtime.getRuntime().halt(INTERRUPTED);
            }
          }
          stop.countDown();
        };
    try (Interrupts.Handling _ = Interrupts.ofThisProcess().handle(signalled);
        Interrupts.Handling _ = Interrupts.terminate(signalled)) {
      await(stop);
      return drain();
    }
  }

  private void await(CountDownLatch stop) {
    try {
      while (!stop.await(1, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever is wrong with an edit, what runs goes on.
  private void look() {
    try {
      edits.look();
      wanted.changed().ifPresent(this::reload);
    } catch (RuntimeException e) {
      err.printf("the edit was not taken, this is a defect of Fairlead: %s%n", e);
    }
  }

  private void reload(ParseResult now) {
    List<Problem> problems = fairlead.files(now);
    problems.forEach(problem -> err.println(problem.text()));
    boolean refused = problems.stream().anyMatch(Problem::isError);
    fairlead
        .journal()
        .note(
            new Note(
                refused ? Note.Severity.WARNING : Note.Severity.NORMAL,
                refused ? "EditRefused" : "EditTaken",
                "files",
                refused
                    ? "the edit has errors; what ran before goes on"
                    : "%d resources".formatted(now.resources().size())));
  }

  private int drain() {
    Duration limit = fairlead.configuration().get(Timeouts.SECTION).drain();
    listeners.stopAccepting();
    say(
        "\nStopping: no new requests, up to %d s for what is running. Ctrl-C again stops at once."
            .formatted(limit.toSeconds()));
    long end = System.nanoTime() + limit.toNanos();
    boolean drained = listeners.awaitDrained(limit);
    fairlead.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    listeners.close();
    say(drained ? "Stopped." : "Stopped; what still ran after the limit was cut.");
    return 0;
  }

  /// Prints, for at most a second: a pipe that nobody reads must not keep Fairlead from stopping.
  private void say(String text) {
    Thread printer = Thread.ofPlatform().daemon().name("terminal").start(() -> out.println(text));
    try {
      printer.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
