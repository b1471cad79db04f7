package dev.fairlead.artifacts.inspect;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Says what a file is that was named as a GGUF model and is none, since the next step depends on
/// it.
final class NotGguf {
  static final String NEEDS_VLLM =
      "safetensors need vLLM, which does not run here; get the model as a GGUF file";

  private NotGguf() {}

  static ArtifactException explain(Path file) throws IOException {
    byte[] start;
    try (InputStream stream = Files.newInputStream(file)) {
      start = stream.readNBytes(1024);
    }
    if (start.length == 0) {
      return new ArtifactException(
          Category.TRUNCATED, "%s is empty; fetch it again".formatted(file));
    }
    return new ArtifactException(
        Category.NOT_GGUF, "%s is no GGUF model: %s".formatted(file, kind(file, start)));
  }

  private static String kind(Path file, byte[] start) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    String lower = text.toLowerCase(Locale.ROOT).stripLeading();
    if (lower.startsWith("<!doctype html")
        || lower.startsWith("<html")
        || lower.contains("<head")) {
      return "it is a web page, saved in its place; use the address of the file itself, not of the page about it";
    }
    if (text.startsWith("version https://git-lfs")) {
      return "it is a Git LFS pointer; run `git lfs pull` where it came from";
    }
    if (file.toString().endsWith(".safetensors") || (text.length() > 9 && text.charAt(8) == '{')) {
      return NEEDS_VLLM;
    }
    if (text.startsWith("PK")) {
      return "it is a zip archive or a PyTorch file; get the model as a GGUF file";
    }
    if (text.startsWith("FUGG")) {
      return "it is big endian; get the little-endian file";
    }
    if (text.startsWith("tjgg") || text.startsWith("lmgg") || text.startsWith("fmgg")) {
      return "it is of the older GGML format; get the model as a GGUF file";
    }
    return "it does not begin with the letters GGUF; check that it is the right file";
  }
}
