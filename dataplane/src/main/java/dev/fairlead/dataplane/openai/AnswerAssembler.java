package dev.fairlead.dataplane.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.dataplane.openai.Delta.ToolPart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts the pieces of an answer together for a client that did not ask for a stream.
final class AnswerAssembler implements AnswerWriter {
  private static final int MAX_CHARACTERS = 32 << 20;

  private final AnswerIdentity identity;
  private final ByteBufAllocator allocator;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final List<Call> calls = new ArrayList<>(0);
  private final Logprobs logprobs = new Logprobs();
  private long characters;

  /// A tool call so far.
  private static final class Call {
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();
  }

  AnswerAssembler(AnswerIdentity identity, ByteBufAllocator allocator) {
    this.identity = identity;
    this.allocator = allocator;
  }

  @Override
  public @Nullable ByteBuf delta(Delta delta) {
    append(content, delta.content());
    append(reasoning, delta.reasoning());
    append(refusal, delta.refusal());
    delta.tools().forEach(this::tool);
    String more = delta.logprobs();
    if (more != null) {
      count(more);
      logprobs.add(more);
    }
    return null;
  }

  private void append(StringBuilder to, @Nullable String text) {
    if (text != null) {
      count(text);
      to.append(text);
    }
  }

  private void count(String text) {
    characters += text.length();
    if (characters > MAX_CHARACTERS) {
      throw Refusal.of(
          ApiError.badGateway(
              "The answer is longer than %d characters.".formatted(MAX_CHARACTERS)));
    }
  }

  private void tool(ToolPart part) {
    while (calls.size() <= part.index()) {
      calls.add(new Call());
    }
    Call call = calls.get(part.index());
    String id = part.id();
    String name = part.name();
    call.id = id == null ? call.id : id;
    call.name = name == null ? call.name : name;
    append(call.arguments, part.arguments());
  }

  @Override
  public ByteBuf finish(String finishReason, Optional<Usage> usage) {
    ByteBuf out = allocator.buffer(512 + content.length());
    try (JsonGenerator json =
        Json.FACTORY.createGenerator((OutputStream) new ByteBufOutputStream(out))) {
      boolean chat = identity.kind() == EndpointKind.CHAT;
      json.writeStartObject();
      json.writeStringField("id", identity.id());
      json.writeStringField("object", chat ? "chat.completion" : "text_completion");
      json.writeNumberField("created", identity.created());
      json.writeStringField("model", identity.model());
      json.writeArrayFieldStart("choices");
      json.writeStartObject();
      json.writeNumberField("index", 0);
      if (chat) {
        message(json);
      } else {
        json.writeStringField("text", content.toString());
      }
      json.writeFieldName("logprobs");
      json.writeRawValue(logprobs.toJson());
      json.writeStringField("finish_reason", finishReason);
      json.writeEndObject();
      json.writeEndArray();
      if (usage.isPresent()) {
        json.writeFieldName("usage");
        UsageJson.write(json, usage.get());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out;
  }

  private void message(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("message");
    json.writeStringField("role", "assistant");
    boolean silent = content.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty());
    nullable(json, "content", silent ? null : content);
    nullable(json, "refusal", refusal.isEmpty() ? null : refusal);
    if (!reasoning.isEmpty()) {
      json.writeStringField("reasoning_content", reasoning.toString());
    }
    if (!calls.isEmpty()) {
      json.writeArrayFieldStart("tool_calls");
      for (Call call : calls) {
        json.writeStartObject();
        json.writeStringField("id", call.id);
        json.writeStringField("type", "function");
        json.writeObjectFieldStart("function");
        json.writeStringField("name", call.name);
        json.writeStringField("arguments", call.arguments.toString());
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void nullable(JsonGenerator json, String key, @Nullable StringBuilder text)
      throws IOException {
    if (text == null) {
      json.writeNullField(key);
    } else {
      json.writeStringField(key, text.toString());
    }
  }
}
