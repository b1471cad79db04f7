package dev.fairlead.lab.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A {@link DataPlaneProgram}. Confined to one thread.
final class DataPlaneProcess implements AutoCloseable {
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final int port;

  DataPlaneProcess(int engine, int slots) throws IOException {
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xms192m",
                    "-Xmx192m",
                    "-XX:+AlwaysPreTouch",
                    // What it holds is the allocator's: the one of bin/fairlead.
                    "-Dio.netty.allocator.type=pooled",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DataPlaneProgram.class.getName(),
                    Integer.toString(engine),
                    Integer.toString(slots)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    in = process.outputWriter(UTF_8);
    out = process.inputReader(UTF_8);
    port = Integer.parseInt(line());
  }

  int port() {
    return port;
  }

  Held held() throws IOException {
    in.write("held\n");
    in.flush();
    return Held.parse(line());
  }

  /// The next line of numbers; the log comes out here too.
  private String line() throws IOException {
    String line = out.readLine();
    while (line != null && !line.matches("[0-9 ]+")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new AssertionError("the data plane ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
