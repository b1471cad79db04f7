package dev.fairlead.lab.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Reads the tensors of a safetensors file: the length of the header in 8 bytes, the header in JSON
/// (`name → dtype, shape, data_offsets`), the data; all little-endian. One thread.
final class SafeTensors {
  private final JsonNode header;
  private final ByteBuffer data;

  /// A tensor of 32-bit floats, its outermost dimension first.
  record Tensor(List<Integer> shape, ByteBuffer values) {}

  SafeTensors(ByteBuffer file) throws IOException {
    ByteBuffer all = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(all.getLong());
    byte[] json = new byte[headerLength];
    all.get(json);
    header = new ObjectMapper().readTree(json);
    data = all.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  Tensor tensor(String name) {
    JsonNode entry = header.required(name);
    if (!entry.required("dtype").asText().equals("F32")) {
      throw new IllegalArgumentException(name + " is not of 32-bit floats");
    }
    List<Integer> shape = new ArrayList<>();
    entry.required("shape").forEach(length -> shape.add(length.asInt()));
    int from = entry.required("data_offsets").required(0).asInt();
    int to = entry.required("data_offsets").required(1).asInt();
    ByteBuffer values = data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(List.copyOf(shape), values);
  }
}
