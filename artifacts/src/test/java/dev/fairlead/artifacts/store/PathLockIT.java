package dev.fairlead.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PathLockIT {
  @TempDir Path folder = Path.of("");

  /// Holds the lock of the given path until its input ends, and leaves a file `released` then.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      try (PathLock _ = PathLock.acquire(path)) {
        System.out.println("held");
        System.in.transferTo(OutputStream.nullOutputStream());
        Files.createFile(path.resolveSibling("released"));
      }
    }
  }

  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    Path path = folder.resolve("model");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                path.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      CompletableFuture<Boolean> releasedFirst =
          CompletableFuture.supplyAsync(() -> {
            try (PathLock _ = PathLock.acquire(path)) {
              return Files.exists(folder.resolve("released"));
            }
          });
      holder.getOutputStream().close();

      assertThat(releasedFirst.get(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void threadsOfOneProcessTakeTurns() throws Exception {
    Path path = folder.resolve("model");
    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 8).mapToObj(_ -> CompletableFuture.runAsync(() -> count(path))).toList();
    for (CompletableFuture<Void> writer : writers) {
      writer.get(30, TimeUnit.SECONDS);
    }

    assertThat(path).hasContent("80");
  }

  private static void count(Path path) {
    for (int i = 0; i < 10; i++) {
      try (PathLock _ = PathLock.acquire(path)) {
        int before = Files.exists(path) ? Integer.parseInt(Files.readString(path)) : 0;
        Files.writeString(path, String.valueOf(before + 1));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  @Test
  void takingItTwiceIsAMistake() {
    try (PathLock _ = PathLock.acquire(folder.resolve("model"))) {
      assertThatThrownBy(() -> PathLock.acquire(folder.resolve("model")))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
