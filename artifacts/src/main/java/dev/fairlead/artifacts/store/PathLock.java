package dev.fairlead.artifacts.store;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread of one process at a time make the file or folder at a path. The lock is a file
/// `NAME.lock` beside it, which stays: deleting it would let two holders in. The thread that
/// acquired it closes it.
public final class PathLock implements AutoCloseable {
  // A file lock belongs to the whole JVM, so threads need one of their own.
  private static final Map<Path, ReentrantLock> WITHIN_THIS_JVM = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private PathLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /// Waits for as long as another holder works.
  public static PathLock acquire(Path path) {
    Path file = beside(path.toAbsolutePath().normalize());
    ReentrantLock threads = WITHIN_THIS_JVM.computeIfAbsent(file, _ -> new ReentrantLock());
    if (threads.isHeldByCurrentThread()) {
      throw new IllegalStateException("already held by this thread: " + file);
    }
    threads.lock();
    try {
      return new PathLock(threads, lock(file));
    } catch (IOException failure) {
      threads.unlock();
      throw new ArtifactException(
          Category.IO,
          "cannot lock %s: %s; check that the folder can be written, or set FAIRLEAD_CACHE to one that can"
              .formatted(file, failure),
          failure);
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    Files.createDirectories(Durable.parent(file));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      var _ = channel.lock();
      return channel;
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  private static Path beside(Path path) {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new ArtifactException(Category.IO, "cannot release a lock: " + failure, failure);
    } finally {
      threads.unlock();
    }
  }
}
