package dev.fairlead.engines.process;

import dev.fairlead.engines.catalogue.EngineLaunch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.Map;

/// A JVM with one engine, to be killed by a test. Arguments: the engine as a shell script, and a
/// folder; on SIGINT it makes the file `draining` there and ends once there is a file `drained`.
final class EngineOwner {
  private EngineOwner() {}

  public static void main(String[] arguments) {
    var folder = Path.of(arguments[1]);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(folder)));
    var child =
        ChildProcess.start(
            new EngineLaunch("test", List.of("/bin/sh", "-c", arguments[0]), Map.of(), 1),
            new LogRing(10, 1000),
            System.out::println);
    child.onExit().toCompletableFuture().join();
  }

  private static void drain(Path folder) {
    try (var watch = FileSystems.getDefault().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Files.createFile(folder.resolve("draining"));
      while (!Files.exists(folder.resolve("drained"))) {
        watch.take().reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
