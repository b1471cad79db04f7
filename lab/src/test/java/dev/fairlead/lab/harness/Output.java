package dev.fairlead.lab.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a process has printed so far, line by line. Safe for every thread; reads on one of its own.
final class Output {
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  Output(InputStream stream, String name) {
    reader = Thread.ofPlatform().daemon().name(name).start(() -> read(stream));
  }

  private void read(InputStream stream) {
    try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(the output cannot be read any more: " + e.getMessage() + ")");
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }

  synchronized String text() {
    return String.join("\n", lines);
  }

  /// Waits for the last line of a process that has ended.
  void awaitEnd() {
    try {
      reader.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
