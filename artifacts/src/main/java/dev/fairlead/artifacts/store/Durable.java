package dev.fairlead.artifacts.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes files appear whole or not at all, also after a power cut: synced first, renamed then.
public final class Durable {
  private Durable() {}

  /// Gives the finished file or folder `from` its final name `to`, in the same file system. A file
  /// there is replaced in one step; a folder there is deleted just before.
  public static void publish(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      List<Path> all = tree.toList();
      for (Path path : all.reversed()) {
        sync(path);
      }
    }
    if (Files.isDirectory(to)) {
      deleteTree(to);
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(parent(to));
  }

  /// Writes a small text file in one step.
  public static void write(Path file, String text) throws IOException {
    Files.createDirectories(parent(file));
    Path fresh = Files.createTempFile(parent(file), "." + file.getFileName(), ".new");
    try {
      Files.writeString(fresh, text);
      publish(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Deletes a folder with all that is in it, or a file; links are not followed. Nothing there is
  /// fine.
  public static void deleteTree(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// The folder that holds `path`.
  public static Path parent(Path path) {
    return requireNonNull(path.toAbsolutePath().getParent(), "a root has no parent");
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
