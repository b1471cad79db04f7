package dev.fairlead.artifacts.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.Artifact.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelInspectorTest {
  @TempDir Path folder = Path.of("");

  @Test
  void aChatModelIsRead() throws IOException {
    Path file = GgufFile.llama().tensor("a", 64).write(folder.resolve("m.gguf"));

    Artifact artifact = ModelInspector.inspect(file, "sha256:00");

    assertThat(artifact.path()).isEqualTo(file.toString());
    assertThat(artifact.purpose()).isEqualTo(Purpose.CHAT);
    assertThat(artifact.architecture()).isEqualTo("llama");
    assertThat(artifact.parameters()).isEqualTo(64);
    assertThat(artifact.bytes()).isEqualTo(Files.size(file));
    assertThat(artifact.contextLength()).isEqualTo(8192);
    // 2 layers, 2 heads, 16 each for key and value, 2 bytes
    assertThat(artifact.kvBytesPerToken()).isEqualTo(2 * 2 * (16 + 16) * 2);
    assertThat(artifact.digest()).isEqualTo("sha256:00");
  }

  @Test
  void headsOfTheirOwnLengthAndPerLayerCount() throws IOException {
    Path file =
        new GgufFile()
            .text("general.architecture", "qwen3")
            .u32("qwen3.block_count", 3)
            .u32("qwen3.attention.head_count", 8)
            .u32s("qwen3.attention.head_count_kv", 4, 0, 2)
            .u32("qwen3.attention.key_length", 128)
            .u32("qwen3.attention.value_length", 64)
            .tensor("a", 4)
            .write(folder.resolve("m.gguf"));

    assertThat(ModelInspector.inspect(file, "").kvBytesPerToken())
        .isEqualTo((4 + 2) * (128 + 64) * 2);
  }

  @Test
  void encodersAndPooledModelsAreForEmbeddings() throws IOException {
    Path bert =
        new GgufFile()
            .text("general.architecture", "bert")
            .u32("bert.block_count", 6)
            .u32("bert.attention.head_count", 12)
            .u32("bert.embedding_length", 384)
            .tensor("a", 4)
            .write(folder.resolve("bert.gguf"));
    Path pooled =
        GgufFile.llama()
            .u32("llama.pooling_type", 3)
            .tensor("a", 4)
            .write(folder.resolve("pooled.gguf"));
    Path unpooled =
        GgufFile.llama()
            .u32("llama.pooling_type", 0)
            .tensor("a", 4)
            .write(folder.resolve("unpooled.gguf"));

    assertThat(ModelInspector.inspect(bert, ""))
        .returns(Purpose.EMBEDDING, Artifact::purpose)
        .returns(0L, Artifact::kvBytesPerToken);
    assertThat(ModelInspector.inspect(pooled, "").purpose()).isEqualTo(Purpose.EMBEDDING);
    assertThat(ModelInspector.inspect(unpooled, "").purpose()).isEqualTo(Purpose.CHAT);
  }

  @Test
  void absurdHeadsAreRefused() throws IOException {
    Path file =
        GgufFile.llama()
            .raw("llama.attention.key_length", 10, Long.MAX_VALUE)
            .tensor("a", 4)
            .write(folder.resolve("m.gguf"));

    assertFailure(file, Category.CORRUPT).hasMessageContaining("larger than any memory");
  }

  @Test
  void aSplitModelIsCountedWhole() throws IOException {
    Path first =
        GgufFile.llama()
            .u32("split.count", 2)
            .tensor("a", 4)
            .write(folder.resolve("m-00001-of-00002.gguf"));
    assertFailure(first, Category.MISSING).hasMessageContaining("m-00002-of-00002.gguf is missing");

    Path second = new GgufFile().tensor("b", 6).write(folder.resolve("m-00002-of-00002.gguf"));

    assertThat(ModelInspector.inspect(folder, ""))
        .returns(first.toString(), Artifact::path)
        .returns(10L, Artifact::parameters)
        .returns(Files.size(first) + Files.size(second), Artifact::bytes);
  }

  @Test
  void aWebPageSavedAsModelIsCalledOne() throws IOException {
    Path file = Files.writeString(folder.resolve("m.gguf"), "\n<!DOCTYPE html><html>");

    assertFailure(file, Category.NOT_GGUF).hasMessageContaining("web page");
  }

  @Test
  void safetensorsNeedVllm() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, new byte[] {16, 0, 0, 0, 0, 0, 0, 0, '{', '"', 'a'});

    assertFailure(file, Category.NOT_GGUF).hasMessageContaining("vLLM");
    assertFailure(folder, Category.NOT_GGUF).hasMessageContaining("vLLM");
  }

  @Test
  void anEmptyFileIsTruncated() throws IOException {
    assertFailure(Files.createFile(folder.resolve("m.gguf")), Category.TRUNCATED)
        .hasMessageContaining("is empty");
  }

  @Test
  void aProjectorOrAdapterIsNoModel() throws IOException {
    Path file =
        new GgufFile()
            .text("general.architecture", "clip")
            .text("general.type", "mmproj")
            .tensor("a", 4)
            .write(folder.resolve("p.gguf"));

    assertFailure(file, Category.UNSUPPORTED).hasMessageContaining("name the model");
  }

  @Test
  void aVocabularyAloneIsNoModel() throws IOException {
    assertFailure(GgufFile.llama().write(folder.resolve("m.gguf")), Category.UNSUPPORTED)
        .hasMessageContaining("no weights");
  }

  @Test
  void aMissingFileIsAnsweredWithTheNearestName() throws IOException {
    Path there = GgufFile.llama().tensor("a", 4).write(folder.resolve("qwen3-0.6b.gguf"));

    assertFailure(folder.resolve("Qwen3-06b.gguf"), Category.MISSING)
        .hasMessageContaining("did you mean " + there);
    assertFailure(folder.resolve("llama-70b.gguf"), Category.MISSING)
        .hasMessageContaining("check the path")
        .hasMessageNotContaining("did you mean");
    assertFailure(folder.resolve("no/such.gguf"), Category.MISSING)
        .hasMessageContaining("nor is its folder");
  }

  @Test
  void aFolderWithSeveralModelsAsksForOne() throws IOException {
    GgufFile.llama().tensor("a", 4).write(folder.resolve("one.gguf"));
    GgufFile.llama().tensor("a", 4).write(folder.resolve("two.gguf"));

    assertFailure(folder, Category.UNSUPPORTED).hasMessageContaining("one.gguf, two.gguf");
  }

  @Test
  void theMemoryOfAReplicaIsWeightsCacheAndAllowance() {
    Artifact artifact =
        new Artifact("/m", Artifact.Format.GGUF, Purpose.CHAT, "llama", 1, 1000, 8192, 10, "");

    assertThat(MemoryEstimate.of(artifact, 2048, 4))
        .isEqualTo(new MemoryEstimate(1000, 10 * 2048 * 4, 150L << 20))
        .returns(1000 + 81_920 + (150L << 20), MemoryEstimate::bytes);
    Artifact absurd =
        new Artifact(
            "/m", Artifact.Format.GGUF, Purpose.CHAT, "llama", 1, 1000, 1, Long.MAX_VALUE, "");
    assertThat(MemoryEstimate.of(absurd, 2048, 4).bytes()).isEqualTo(Long.MAX_VALUE);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(
      Path path, Category category) {
    return assertThatThrownBy(() -> ModelInspector.inspect(path, ""))
        .isInstanceOfSatisfying(
            ArtifactException.class, failure -> assertThat(failure.category()).isEqualTo(category));
  }
}
