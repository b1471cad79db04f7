package dev.fairlead.artifacts.inspect;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.Artifact.Format;
import dev.fairlead.core.model.Artifact.Purpose;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Tells what a local model is before an engine sees it, or why none can run it. Stateless; any
/// thread; reads headers only.
public final class ModelInspector {
  private static final Set<String> ENCODERS =
      Set.of(
          "bert",
          "modern-bert",
          "nomic-bert",
          "nomic-bert-moe",
          "neo-bert",
          "jina-bert-v2",
          "jina-bert-v3",
          "eurobert",
          "t5encoder",
          "gemma-embedding",
          "llama-embed");
  private static final int BYTES_PER_CACHED_VALUE = 2;
  private static final long MAX_LAYERS = 4_096;

  private ModelInspector() {}

  /// `path` is a GGUF file, the first part of one, or a folder with one model; `digest` is what is
  /// known of the content, or empty. Throws {@link ArtifactException}.
  public static Artifact inspect(Path path, String digest) {
    try {
      Path file = ModelFiles.locate(path);
      GgufHeader header = GgufReader.read(file);
      String architecture = architecture(file, header);
      long bytes = header.bytes();
      long parameters = header.elements();
      long parts = header.whole("split.count").orElse(1);
      if (parts > 1) {
        for (Path part : ModelFiles.parts(file, parts).subList(1, (int) parts)) {
          GgufHeader further = GgufReader.read(part);
          bytes = Math.addExact(bytes, further.bytes());
          parameters = Math.addExact(parameters, further.elements());
        }
      }
      if (parameters == 0) {
        throw unusable(file, "it holds no weights");
      }
      Purpose purpose = purpose(header, architecture);
      long context = header.whole(architecture + ".context_length").orElse(0);
      return new Artifact(
          file.toAbsolutePath().toString(),
          Format.GGUF,
          purpose,
          architecture,
          parameters,
          bytes,
          (int) Math.clamp(context, 0L, Integer.MAX_VALUE),
          ENCODERS.contains(architecture) ? 0 : kvBytesPerToken(file, header, architecture),
          digest);
    } catch (IOException failure) {
      throw new ArtifactException(
          Category.IO, "cannot read %s: %s; check the file".formatted(path, failure), failure);
    }
  }

  private static String architecture(Path file, GgufHeader header) {
    String type = header.text("general.type").orElse("model");
    Optional<String> architecture = header.text("general.architecture");
    if (!type.equals("model") || architecture.filter("clip"::equals).isPresent()) {
      throw unusable(
          file, "it is a part that goes with a model (%s); name the model".formatted(type));
    }
    return architecture
        .filter(name -> !name.isBlank())
        .orElseThrow(() ->
            new ArtifactException(
                Category.CORRUPT,
                "%s does not say its architecture (general.architecture); get another file"
                    .formatted(file)));
  }

  private static ArtifactException unusable(Path file, String why) {
    return new ArtifactException(
        Category.UNSUPPORTED, "%s cannot be served: %s".formatted(file, why));
  }

  /// Only converters of embedding models write a pooling type (0 is none, 4 is for reranking).
  private static Purpose purpose(GgufHeader header, String architecture) {
    long pooling = header.whole(architecture + ".pooling_type").orElse(0);
    return ENCODERS.contains(architecture) || (pooling >= 1 && pooling <= 3)
        ? Purpose.EMBEDDING
        : Purpose.CHAT;
  }

  /// Keys and values of all layers for one token, at 16 bits; 0 where the header does not tell.
  private static long kvBytesPerToken(Path file, GgufHeader header, String architecture) {
    long layers = header.whole(architecture + ".block_count").orElse(0);
    if (layers <= 0 || layers > MAX_LAYERS) {
      return 0;
    }
    Optional<List<Long>> heads =
        header.perLayer(architecture + ".attention.head_count", (int) layers);
    List<Long> kvHeads =
        header
            .perLayer(architecture + ".attention.head_count_kv", (int) layers)
            .or(() -> heads)
            .orElse(List.of());
    try {
      long width = keyAndValueLength(header, architecture, heads.orElse(List.of()));
      long total = 0;
      for (long count : kvHeads) {
        total = Math.addExact(total, Math.multiplyExact(Math.max(0, count), width));
      }
      return Math.multiplyExact(Math.max(0, total), BYTES_PER_CACHED_VALUE);
    } catch (ArithmeticException overflow) {
      throw new ArtifactException(
          Category.CORRUPT,
          "%s is damaged: its attention heads are larger than any memory; fetch it again"
              .formatted(file),
          overflow);
    }
  }

  private static long keyAndValueLength(GgufHeader header, String architecture, List<Long> heads) {
    OptionalLong embedding = header.whole(architecture + ".embedding_length");
    long most = heads.stream().mapToLong(Long::longValue).max().orElse(0);
    long each = embedding.isPresent() && most > 0 ? embedding.getAsLong() / most : 0;
    return Math.addExact(
        header.whole(architecture + ".attention.key_length").orElse(each),
        header.whole(architecture + ".attention.value_length").orElse(each));
  }
}
