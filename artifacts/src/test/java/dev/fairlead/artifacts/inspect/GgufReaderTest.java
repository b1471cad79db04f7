package dev.fairlead.artifacts.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GgufReaderTest {
  private static final long ABSURD = 1L << 60;

  @TempDir Path folder = Path.of("");

  @Test
  void readsWhatTheFileSays() throws IOException {
    GgufHeader header =
        GgufReader.read(
            GgufFile.llama()
                .texts("tokenizer.ggml.tokens", "a", "b")
                .u32s("llama.layers", 1, 2)
                .tensor("token_embd.weight", 8, 8)
                .tensor("output_norm.weight", 3)
                .write(file()));

    assertThat(header.version()).isEqualTo(3);
    assertThat(header.tensors()).isEqualTo(2);
    assertThat(header.elements()).isEqualTo(67);
    assertThat(header.text("general.architecture")).hasValue("llama");
    assertThat(header.whole("llama.context_length")).hasValue(8192);
    assertThat(header.metadata())
        .containsEntry("tokenizer.ggml.tokens", new GgufValue.Skipped())
        .containsEntry("llama.layers", new GgufValue.Wholes(List.of(1L, 2L)));
  }

  @Test
  void readsVersionTwoAndAnotherAlignmentAndEmptyTensors() throws IOException {
    GgufHeader header =
        GgufReader.read(
            GgufFile.llama()
                .version(2)
                .alignment(64)
                .tensor("a", 4, 4)
                .tensor("none", 0)
                .tensor("b", 4)
                .write(file()));

    assertThat(header.elements()).isEqualTo(20);
  }

  @Test
  void readsPastVocabulariesLargerThanItsBuffer() throws IOException {
    String[] words = new String[30_000];
    Arrays.setAll(words, i -> "word-" + i);

    GgufHeader header =
        GgufReader.read(
            GgufFile.llama().texts("words", words).u32("after", 7).tensor("a", 4).write(file()));

    assertThat(header.whole("after")).hasValue(7);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(headers(), metadata(), tensors()).flatMap(cases -> cases);
  }

  private static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("bad magic", Category.NOT_GGUF, GgufFile.llama().magic("GGUX")),
        Arguments.of("version 0", Category.UNSUPPORTED, GgufFile.llama().version(0)),
        Arguments.of("version 1", Category.UNSUPPORTED, GgufFile.llama().version(1)),
        Arguments.of("future version", Category.UNSUPPORTED, GgufFile.llama().version(99)),
        Arguments.of("big endian", Category.UNSUPPORTED, GgufFile.llama().version(3 << 24)),
        Arguments.of("absurd tensors", Category.CORRUPT, GgufFile.llama().announceTensors(ABSURD)),
        Arguments.of("negative tensors", Category.CORRUPT, GgufFile.llama().announceTensors(-1)),
        Arguments.of("absurd keys", Category.CORRUPT, GgufFile.llama().announcePairs(ABSURD)));
  }

  private static Stream<Arguments> metadata() {
    return Stream.of(
        Arguments.of("huge key", Category.CORRUPT, GgufFile.llama().keyOfLength(ABSURD)),
        Arguments.of("empty key", Category.CORRUPT, GgufFile.llama().u32("", 1)),
        Arguments.of("duplicate key", Category.CORRUPT, GgufFile.llama().u32("a", 1).u32("a", 1)),
        Arguments.of("unknown value type", Category.CORRUPT, GgufFile.llama().raw("a", 13, 0)),
        Arguments.of("huge text", Category.CORRUPT, GgufFile.llama().raw("a", 8, ABSURD)),
        Arguments.of("huge array", Category.CORRUPT, GgufFile.llama().rawArray("a", 4, ABSURD)),
        Arguments.of(
            "overflowing array", Category.CORRUPT, GgufFile.llama().rawArray("a", 11, 1L << 61)),
        Arguments.of("array of arrays", Category.CORRUPT, GgufFile.llama().rawArray("a", 9, 1)),
        Arguments.of("odd alignment", Category.CORRUPT, GgufFile.llama().alignment(13)),
        Arguments.of(
            "alignment of another type",
            Category.CORRUPT,
            GgufFile.llama().text("general.alignment", "32")),
        Arguments.of(
            "alignment zero", Category.CORRUPT, GgufFile.llama().u32("general.alignment", 0)));
  }

  private static Stream<Arguments> tensors() {
    long[] four = {4};
    return Stream.of(
        Arguments.of(
            "long tensor name", Category.CORRUPT, GgufFile.llama().tensor("n".repeat(64), 4)),
        Arguments.of(
            "five dimensions", Category.CORRUPT, GgufFile.llama().tensor("a", 1, 1, 1, 1, 1)),
        Arguments.of("negative extent", Category.CORRUPT, withTensor(0, 0, -4)),
        Arguments.of("too many elements", Category.CORRUPT, withTensor(0, 0, ABSURD, 1 << 10)),
        Arguments.of("too many bytes", Category.CORRUPT, withTensor(28, 0, ABSURD, 4)),
        Arguments.of("padding past the end", Category.CORRUPT, withTensor(24, 0, Long.MAX_VALUE)),
        Arguments.of("unknown tensor type", Category.CORRUPT, withTensor(1000, 0, 4)),
        Arguments.of("withdrawn tensor type", Category.CORRUPT, withTensor(4, 0, 4)),
        Arguments.of("rows of part blocks", Category.CORRUPT, withTensor(3, 0, 33)),
        Arguments.of("bad offset", Category.CORRUPT, withTensor(0, 8, 4)),
        Arguments.of(
            "duplicate tensor", Category.CORRUPT, GgufFile.llama().tensor("a", 4).tensor("a", 4)),
        Arguments.of(
            "offset for another alignment",
            Category.CORRUPT,
            GgufFile.llama().alignment(64).tensor("a", 4).tensor("b", 0, 32, four)),
        Arguments.of("too little data", Category.TRUNCATED, withTensor(0, 0, 1 << 20)));
  }

  private static GgufFile withTensor(int type, long offset, long... extents) {
    return GgufFile.llama().tensor("a", type, offset, extents);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesMalformedFiles(String name, Category category, GgufFile content) throws IOException {
    Path file = content.write(file());

    ArtifactException failure =
        catchThrowableOfType(ArtifactException.class, () -> GgufReader.read(file));

    assertThat(failure).as(name).isNotNull();
    assertThat(failure.category()).isEqualTo(category);
    assertThat(failure).hasMessageContaining(file.toString());
  }

  @Test
  void aFileCutAnywhereIsNeverTakenForWhole() throws IOException {
    byte[] whole =
        GgufFile.llama().texts("words", "a", "b").tensor("a", 4).tensor("b", 4, 2).bytes();

    for (int length = 0; length < whole.length; length++) {
      Path file = Files.write(file(), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GgufReader.read(file))
          .as("cut after %d bytes", length)
          .isInstanceOf(ArtifactException.class);
    }
  }

  @Test
  void aCutFileIsToldWithBothSizes() throws IOException {
    byte[] whole = GgufFile.llama().tensor("a", 1000).bytes();
    Path file = Files.write(file(), Arrays.copyOf(whole, whole.length - 1000));

    assertThatThrownBy(() -> GgufReader.read(file))
        .hasMessageContaining("cut short")
        .hasMessageContaining("%,d".formatted(whole.length - 1000))
        .hasMessageContaining("%,d".formatted(whole.length));
  }

  private Path file() {
    return folder.resolve("model.gguf");
  }
}
