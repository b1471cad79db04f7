package dev.fairlead.lab.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/// The {@link LoadProgram}, started once for all loads. Confined to one thread.
final class LoadProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  LoadProcess(Cores cores) {
    try {
      process =
          new ProcessBuilder(cores.others(Programs.java(LoadProgram.class)))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    in = process.outputWriter(UTF_8);
    out = process.inputReader(UTF_8);
  }

  /// Puts a load on its server. A wrong answer fails the test.
  Measured run(Load load) {
    try {
      in.write(JSON.writeValueAsString(load));
      in.newLine();
      in.flush();
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the load generator ended at " + load);
      }
      Measured measured = JSON.readValue(line, Measured.class);
      if (measured.wrong() > 0 || measured.finished() == 0) {
        throw new AssertionError(
            "%d of %d answers to %s are wrong, the first: %s"
                .formatted(
                    measured.wrong(),
                    measured.wrong() + measured.finished(),
                    load,
                    measured.problem()));
      }
      return measured;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
