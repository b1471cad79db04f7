package dev.fairlead.artifacts.inspect;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Finds the GGUF file that a path means: the file itself, the only model of a folder, and the
/// further parts of a model that was split (`NAME-00001-of-00003.gguf`; the engine finds these by
/// itself).
final class ModelFiles {
  private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

  private ModelFiles() {}

  static Path locate(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return onlyModel(path);
    }
    if (!Files.exists(path)) {
      throw missing(path);
    }
    if (!Files.isReadable(path)) {
      throw new ArtifactException(
          Category.IO, "%s cannot be read; change its permissions".formatted(path));
    }
    return path;
  }

  /// All parts of a model in order, the first one included.
  static List<Path> parts(Path first, long count) {
    Matcher name = PART.matcher(String.valueOf(first.getFileName()));
    if (!name.matches()
        || !name.group(2).equals("00001")
        || Long.parseLong(name.group(3)) != count) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "%s is one of %d parts of a model: name the first one, and keep the names NAME-00001-of-%05d.gguf"
              .formatted(first, count, count));
    }
    List<Path> parts =
        IntStream.rangeClosed(1, (int) count)
            .mapToObj(i ->
                first.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), i, count)))
            .toList();
    for (Path part : parts) {
      if (!Files.exists(part)) {
        throw new ArtifactException(
            Category.MISSING,
            "%s is missing: the model has %d parts; put all of them into one folder"
                .formatted(part, count));
      }
    }
    return parts;
  }

  private static Path onlyModel(Path folder) throws IOException {
    List<String> names = names(folder);
    List<String> models =
        names.stream()
            .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".gguf"))
            .filter(name -> !name.toLowerCase(Locale.ROOT).startsWith("mmproj"))
            .filter(name -> !isLaterPart(name))
            .toList();
    if (models.size() == 1) {
      return folder.resolve(models.getFirst());
    }
    if (models.size() > 1) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "%s holds several models: name one of %s".formatted(folder, String.join(", ", models)));
    }
    if (names.stream().anyMatch(name -> name.endsWith(".safetensors"))) {
      throw new ArtifactException(
          Category.NOT_GGUF, "%s holds no GGUF model: %s".formatted(folder, NotGguf.NEEDS_VLLM));
    }
    throw new ArtifactException(
        Category.MISSING, "%s holds no .gguf file; name the file of a model".formatted(folder));
  }

  private static boolean isLaterPart(String name) {
    Matcher part = PART.matcher(name);
    return part.matches() && !part.group(2).equals("00001");
  }

  private static ArtifactException missing(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return new ArtifactException(
          Category.MISSING, "%s is not there, nor is its folder; check the path".formatted(path));
    }
    Optional<String> near = NearestName.of(String.valueOf(path.getFileName()), names(folder));
    return new ArtifactException(
        Category.MISSING,
        "%s is not there; %s"
            .formatted(
                path,
                near.map(name -> "did you mean %s?".formatted(folder.resolve(name)))
                    .orElse("check the path")));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }
}
