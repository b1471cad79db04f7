package dev.fairlead.engines.process;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Keeps the last lines of one run of an engine, bounded in lines and in bytes, and hands them to
/// whoever follows. Any thread; lines reach followers in order, on the thread that appends, so a
/// follower must not block.
public final class LogRing {

  /// Follows a ring until it is closed; closing twice is fine.
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /// Hears the lines of a ring. `ended` comes once, after the last line of the run.
  public interface Follower {
    void line(String line);

    void ended();
  }

  private final int maxLines;
  private final int maxBytes;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final Map<Integer, Follower> followers = new LinkedHashMap<>();
  private int followed;
  private int bytes;
  private boolean ended;

  public LogRing(int maxLines, int maxBytes) {
    if (maxLines <= 0) {
      throw new IllegalArgumentException("maxLines is not positive: " + maxLines);
    }
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes is not positive: " + maxBytes);
    }
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
  }

  /// Adds a line and drops the oldest ones over the bounds. The newest line is always kept.
  public synchronized void append(String line) {
    if (ended) {
      throw new IllegalStateException("The run has ended");
    }
    lines.addLast(requireNonNull(line, "line is null"));
    bytes += size(line);
    while (lines.size() > 1 && (lines.size() > maxLines || bytes > maxBytes)) {
      bytes -= size(lines.removeFirst());
    }
    // A copy: a follower may leave while it is being told.
    List.copyOf(followers.values()).forEach(follower -> follower.line(line));
  }

  /// Says that no line will follow; lets the followers go. Twice is fine.
  public synchronized void end() {
    if (!ended) {
      ended = true;
      List.copyOf(followers.values()).forEach(Follower::ended);
      followers.clear();
    }
  }

  /// Whether the run is over.
  public synchronized boolean ended() {
    return ended;
  }

  /// The kept lines, oldest first.
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /// The last lines, at most `count`, oldest first.
  public synchronized List<String> last(int count) {
    return lines.stream().skip(Math.max(0, lines.size() - (long) count)).toList();
  }

  /// Hands over the last `backlog` lines and then every new one, none missing and none twice.
  public synchronized Subscription follow(int backlog, Follower follower) {
    last(backlog).forEach(follower::line);
    int id = followed++;
    if (ended) {
      follower.ended();
    } else {
      followers.put(id, follower);
    }
    return () -> forget(id);
  }

  /// Like {@link #follow(int, Follower)} for one who does not care about the end.
  public Subscription follow(int backlog, Consumer<String> line) {
    return follow(
        backlog,
        new Follower() {
          @Override
          public void line(String text) {
            line.accept(text);
          }

          @Override
          public void ended() {
            // The caller closes its subscription when it wants to.
          }
        });
  }

  private synchronized void forget(int id) {
    followers.remove(id);
  }

  private static int size(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length + 1;
  }
}
