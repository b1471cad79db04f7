package dev.fairlead.lab.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a JVM holds, as it is told from outside by `jcmd` and Linux' `/proc`.
///
/// @param heap bytes of live objects after a full collection
/// @param direct bytes outside of the heap that Java code has taken, such as Netty's buffers: what
///   the JVM's native memory tracking calls "Other"
/// @param resident bytes of the process; for information, as a heap that was touched stays resident
record Footprint(long heap, long direct, int descriptors, int threads, long resident) {
  private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern OTHER =
      Pattern.compile("(?m)^-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

  /// How much more may be held at the end than after the warm-up: noise of caches and pools, and
  /// nothing that a million requests would leave behind at a byte each.
  static final Footprint ALLOWED = new Footprint(3 << 20, 16 << 20, 8, 3, Long.MAX_VALUE);

  static Footprint of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    long heap = number(LIVE, jcmd(pid, "GC.class_histogram"));
    long direct = number(OTHER, jcmd(pid, "VM.native_memory", "summary", "scale=KB")) << 10;
    return new Footprint(
        heap,
        direct,
        count(process.resolve("fd")),
        count(process.resolve("task")),
        number(RESIDENT, read(process.resolve("status"))) << 10);
  }

  Footprint minus(Footprint before) {
    return new Footprint(
        heap - before.heap,
        direct - before.direct,
        descriptors - before.descriptors,
        threads - before.threads,
        resident - before.resident);
  }

  boolean within(Footprint limit) {
    return heap <= limit.heap
        && direct <= limit.direct
        && descriptors <= limit.descriptors
        && threads <= limit.threads;
  }

  private static long number(Pattern pattern, String text) {
    Matcher match = pattern.matcher(text);
    if (!match.find()) {
      throw new AssertionError("there is no %s in %s".formatted(pattern, text));
    }
    return Long.parseLong(match.group(1));
  }

  private static int count(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String jcmd(long pid, String... command) {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Stream.concat(
                          Stream.of(
                              Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                              Long.toString(pid)),
                          Stream.of(command))
                      .toList())
              .redirectErrorStream(true)
              .start();
      String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (jcmd.waitFor() != 0) {
        throw new AssertionError(output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
