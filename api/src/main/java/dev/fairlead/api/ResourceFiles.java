package dev.fairlead.api;

import dev.fairlead.api.Problem.Reason;
import dev.fairlead.api.Problem.Severity;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Reads resources from the disk: what follows `-f` on the command line. Any thread may call it.
public final class ResourceFiles {
  /// UTF-8 takes at most three bytes for a character of a Java string.
  private static final long MAX_BYTES = 3L * TreeReader.MAX_TEXT;

  private ResourceFiles() {}

  /// Reads files, and of folders (not of those below) the files ending in `.yaml`, `.yml` or
  /// `.json`, by name. What cannot be read is a problem, not an exception.
  public static ParseResult read(List<Path> filesOrFolders) {
    List<ParseResult> results = new ArrayList<>();
    for (Path path : filesOrFolders) {
      if (Files.isDirectory(path)) {
        results.add(readFolder(path));
      } else {
        results.add(readFile(path));
      }
    }
    return ResourceParser.combine(results);
  }

  private static ParseResult readFolder(Path folder) {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(ResourceFiles::isResourceFile).sorted().toList();
    } catch (IOException unreadable) {
      return failure(folder, "cannot be read: " + unreadable, Severity.ERROR);
    }
    if (files.isEmpty()) {
      return failure(
          folder, "there is no .yaml, .yml or .json file in this folder", Severity.WARNING);
    }
    return ResourceParser.combine(files.stream().map(ResourceFiles::readFile).toList());
  }

  private static boolean isResourceFile(Path path) {
    return path.getFileName().toString().matches("(?i)[^.].*\\.(ya?ml|json)")
        && Files.isRegularFile(path);
  }

  private static ParseResult readFile(Path file) {
    try {
      if (!Files.exists(file)) {
        return failure(file, "there is no such file", Severity.ERROR);
      }
      if (Files.size(file) > MAX_BYTES) {
        return failure(
            file, "the file is larger than %,d bytes".formatted(MAX_BYTES), Severity.ERROR);
      }
      return ResourceParser.parse(Files.readString(file), file.toString());
    } catch (CharacterCodingException notText) {
      return failure(file, "the file is not UTF-8 text; is it a model?", Severity.ERROR);
    } catch (IOException unreadable) {
      return failure(file, "cannot be read: " + unreadable, Severity.ERROR);
    }
  }

  private static ParseResult failure(Path path, String message, Severity severity) {
    Reason reason = severity == Severity.ERROR ? Reason.INVALID_SYNTAX : Reason.NOTHING_TO_DO;
    Problem problem = new Problem(path.toString(), 0, 0, "", message, severity, reason);
    return new ParseResult(List.of(), List.of(problem), Map.of());
  }
}
