package dev.fairlead.app.tenant;

import dev.fairlead.app.control.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the keys that commands made: `tenant-keys.json` in the state folder, for the user only,
/// written whole or not at all. Several Fairleads of one user share it: each change is made under a
/// file lock to what stands there, and {@link #refresh} takes up the changes of others. Safe for
/// every thread; it blocks on the disk, so never on an event loop.
public final class KeyStore {
  private static final Logger log = LoggerFactory.getLogger(KeyStore.class);

  private final StateFolder state;
  private final Path file;
  private final Path lockFile;
  private KeyFile content;
  private String stamp;

  private KeyStore(StateFolder state) throws IOException {
    this.state = state;
    this.file = state.path().resolve("tenant-keys.json");
    this.lockFile = state.path().resolve("tenant-keys.lock");
    this.stamp = stampNow();
    this.content = read();
  }

  /// Reads what is there.
  ///
  /// @throws IllegalStateException when the file is there and cannot be read; it says what to do
  public static KeyStore open(StateFolder state) {
    try {
      return new KeyStore(state);
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot read the tenants' keys in %s: restore it, or delete it and make the keys anew"
              .formatted(state.path().resolve("tenant-keys.json")),
          e);
    }
  }

  synchronized KeyFile content() {
    return content;
  }

  /// Changes what stands in the file, and returns it once it is on the disk. What `change` throws
  /// leaves everything as it is.
  ///
  /// @throws UncheckedIOException when the file cannot be read or written
  synchronized KeyFile update(UnaryOperator<KeyFile> change) {
    state.make();
    try (FileChannel channel = state.lockFile(lockFile);
        FileLock _ = channel.lock()) {
      KeyFile before = read();
      KeyFile after = change.apply(before);
      if (!after.equals(before)) {
        state.write(file, after.text());
      }
      stamp = stampNow();
      content = after;
      return after;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot change the tenants' keys in %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Takes up what another process has written. Returns whether something is different; a file that
  /// cannot be read is as if it had not changed.
  synchronized boolean refresh() {
    String now = stampNow();
    if (now.equals(stamp)) {
      return false;
    }
    stamp = now;
    try {
      KeyFile before = content;
      content = read();
      return !content.equals(before);
    } catch (IOException e) {
      log.warn("tenant keys not taken up file={} reason={}", file, e.getMessage());
      return false;
    }
  }

  private KeyFile read() throws IOException {
    try {
      return KeyFile.parse(Files.readString(file));
    } catch (NoSuchFileException _) {
      return KeyFile.EMPTY;
    }
  }

  private String stampNow() {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return "%d %s %s".formatted(now.size(), now.lastModifiedTime(), now.fileKey());
    } catch (IOException _) {
      return "";
    }
  }
}
