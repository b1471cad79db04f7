package dev.fairlead.lab.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.lab.embedding.GgufWriter.Precision;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Turns all-MiniLM-L6-v2 as its authors publish it (BERT in safetensors, 32-bit floats) into what
/// llama.cpp loads: GGUF of architecture `bert` with mean pooling, matrices at 16 bits, and the
/// WordPiece vocabulary in llama.cpp's spelling, where words begin with U+2581 and continuations
/// are bare.
final class MiniLm {
  /// Part of the cached file's name: to be raised with each change of what is written.
  static final String CONVERTER_VERSION = "1";

  private static final String CONTINUATION = "##";
  private static final String WORD_START = "\u2581";
  private static final int MEAN_POOLING = 1;
  private static final int MOSTLY_F16 = 1;
  private static final int NORMAL_TOKEN = 1;
  private static final int CONTROL_TOKEN = 3;

  /// What llama.cpp calls the tensors of a layer.
  private static final Map<String, String> LAYER_NAMES =
      Map.of(
          "attention.self.query", "attn_q",
          "attention.self.key", "attn_k",
          "attention.self.value", "attn_v",
          "attention.output.dense", "attn_output",
          "attention.output.LayerNorm", "attn_output_norm",
          "intermediate.dense", "ffn_up",
          "output.dense", "ffn_down",
          "output.LayerNorm", "layer_output_norm");

  private final SafeTensors weights;
  private final JsonNode config;
  private final JsonNode tokenizer;

  /// @param config the content of `config.json`
  /// @param tokenizer the content of `tokenizer.json`
  MiniLm(SafeTensors weights, JsonNode config, JsonNode tokenizer) {
    this.weights = weights;
    this.config = config;
    this.tokenizer = tokenizer;
  }

  void writeGguf(OutputStream out) throws IOException {
    GgufWriter gguf = new GgufWriter();
    describe(gguf);
    vocabulary(gguf);
    tensors(gguf);
    gguf.writeTo(out);
  }

  private int number(String key) {
    return config.required(key).asInt();
  }

  private void describe(GgufWriter gguf) throws IOException {
    gguf.text("general.architecture", "bert");
    gguf.text("general.name", "all-MiniLM-L6-v2");
    gguf.natural("general.file_type", MOSTLY_F16);
    gguf.natural("bert.block_count", number("num_hidden_layers"));
    gguf.natural("bert.context_length", number("max_position_embeddings"));
    gguf.natural("bert.embedding_length", number("hidden_size"));
    gguf.natural("bert.feed_forward_length", number("intermediate_size"));
    gguf.natural("bert.attention.head_count", number("num_attention_heads"));
    gguf.real(
        "bert.attention.layer_norm_epsilon", (float) config.required("layer_norm_eps").asDouble());
    gguf.flag("bert.attention.causal", false);
    gguf.natural("bert.pooling_type", MEAN_POOLING);
  }

  private void vocabulary(GgufWriter gguf) throws IOException {
    JsonNode entries = tokenizer.required("model").required("vocab");
    String[] tokens = new String[entries.size()];
    entries.properties().forEach(entry -> tokens[entry.getValue().asInt()] = entry.getKey());
    List<String> spelled = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (String token : tokens) {
      boolean control = token.startsWith("[") && token.endsWith("]") && token.length() > 2;
      types.add(control ? CONTROL_TOKEN : NORMAL_TOKEN);
      spelled.add(control ? token : spell(token));
    }
    gguf.text("tokenizer.ggml.model", "bert");
    gguf.natural("tokenizer.ggml.token_type_count", number("type_vocab_size"));
    gguf.texts("tokenizer.ggml.tokens", spelled);
    gguf.integers("tokenizer.ggml.token_type", types);
    gguf.natural("tokenizer.ggml.padding_token_id", entries.required("[PAD]").asInt());
    gguf.natural("tokenizer.ggml.unknown_token_id", entries.required("[UNK]").asInt());
    gguf.natural("tokenizer.ggml.cls_token_id", entries.required("[CLS]").asInt());
    // llama.cpp's own spelling.
    gguf.natural("tokenizer.ggml.seperator_token_id", entries.required("[SEP]").asInt());
    gguf.natural("tokenizer.ggml.mask_token_id", entries.required("[MASK]").asInt());
  }

  private static String spell(String token) {
    return token.startsWith(CONTINUATION)
        ? token.substring(CONTINUATION.length())
        : WORD_START + token;
  }

  /// The pooler stays behind: sentence embeddings are means of the last layer.
  private void tensors(GgufWriter gguf) {
    matrix(gguf, "embeddings.word_embeddings.weight", "token_embd.weight");
    exact(gguf, "embeddings.position_embeddings.weight", "position_embd.weight");
    exact(gguf, "embeddings.token_type_embeddings.weight", "token_types.weight");
    exact(gguf, "embeddings.LayerNorm.weight", "token_embd_norm.weight");
    exact(gguf, "embeddings.LayerNorm.bias", "token_embd_norm.bias");
    for (int layer = 0; layer < number("num_hidden_layers"); layer++) {
      String from = "encoder.layer." + layer + ".";
      String to = "blk." + layer + ".";
      new TreeMap<>(LAYER_NAMES)
          .forEach((published, ours) -> {
            if (published.endsWith("LayerNorm")) {
              exact(gguf, from + published + ".weight", to + ours + ".weight");
            } else {
              matrix(gguf, from + published + ".weight", to + ours + ".weight");
            }
            exact(gguf, from + published + ".bias", to + ours + ".bias");
          });
    }
  }

  private void matrix(GgufWriter gguf, String from, String to) {
    gguf.tensor(to, weights.tensor(from), Precision.F16);
  }

  private void exact(GgufWriter gguf, String from, String to) {
    gguf.tensor(to, weights.tensor(from), Precision.F32);
  }
}
