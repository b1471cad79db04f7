package dev.fairlead.dataplane.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.dataplane.openai.Delta.ToolPart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes an answer as events. What is the same in all of them is made once, and one generator
/// writes all the rest.
final class EventWriter implements AnswerWriter {
  private static final byte[] DATA = utf8("data: ");
  private static final byte[] LOGPROBS = utf8(",\"logprobs\":");
  private static final byte[] NULL = utf8("null");
  private static final byte[] UNFINISHED = utf8("," + ChunkText.UNFINISHED);
  private static final byte[] END_OF_EVENT = utf8("\n\n");

  private final boolean chat;
  private final boolean usageAsked;
  private final ByteBufAllocator allocator;
  private final byte[] head;
  private final byte[] choice;
  private final Target target = new Target();
  private final JsonGenerator json;
  private boolean begun;

  EventWriter(AnswerIdentity identity, boolean usageAsked, ByteBufAllocator allocator) {
    this.chat = identity.kind() == EndpointKind.CHAT;
    this.usageAsked = usageAsked;
    this.allocator = allocator;
    String common = head(identity, chat ? "chat.completion.chunk" : "text_completion");
    this.head = utf8(common + "\"choices\":[");
    this.choice = utf8("{\"index\":0," + (chat ? "\"delta\":" : "\"text\":"));
    try {
      this.json = Json.FACTORY.createGenerator(target);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static String head(AnswerIdentity identity, String object) {
    String complete =
        Json.write(json -> {
          json.writeStartObject();
          json.writeStringField("id", identity.id());
          json.writeStringField("object", object);
          json.writeNumberField("created", identity.created());
          json.writeStringField("model", identity.model());
          json.writeEndObject();
        });
    return complete.substring(0, complete.length() - 1) + ",";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /// Where the generator writes: the event that is being made.
  private static final class Target extends OutputStream {
    private @Nullable ByteBuf event;

    @Override
    public void write(int b) {
      if (event != null) {
        event.writeByte(b);
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      if (event != null) {
        event.writeBytes(bytes, from, length);
      }
    }
  }

  @Override
  public @Nullable ByteBuf delta(Delta delta) {
    boolean opening = chat && !begun;
    begun = true;
    if (delta.isEmpty() && !opening) {
      return null;
    }
    ByteBuf out = allocator.buffer(512);
    if (opening) {
      event(out, this::opening, null);
    }
    if (!delta.isEmpty()) {
      event(out, json -> piece(json, delta), delta.logprobs());
    }
    return out;
  }

  private void event(ByteBuf out, Json.Document value, @Nullable String logprobs) {
    out.writeBytes(DATA).writeBytes(head).writeBytes(choice);
    generate(out, value);
    out.writeBytes(LOGPROBS);
    if (logprobs == null) {
      out.writeBytes(NULL);
    } else {
      out.writeCharSequence(logprobs, UTF_8);
    }
    out.writeBytes(UNFINISHED).writeBytes(END_OF_EVENT);
  }

  private void generate(ByteBuf out, Json.Document value) {
    target.event = out;
    try {
      value.writeTo(json);
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } finally {
      target.event = null;
    }
  }

  private void opening(JsonGenerator generator) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("role", "assistant");
    generator.writeStringField("content", "");
    generator.writeEndObject();
  }

  private void piece(JsonGenerator generator, Delta delta) throws IOException {
    String content = delta.content();
    if (!chat) {
      generator.writeString(content == null ? "" : content);
      return;
    }
    generator.writeStartObject();
    field(generator, "content", content);
    field(generator, "reasoning_content", delta.reasoning());
    field(generator, "refusal", delta.refusal());
    if (!delta.tools().isEmpty()) {
      tools(generator, delta.tools());
    }
    generator.writeEndObject();
  }

  private static void field(JsonGenerator generator, String key, @Nullable String text)
      throws IOException {
    if (text != null && !text.isEmpty()) {
      generator.writeStringField(key, text);
    }
  }

  private static void tools(JsonGenerator generator, List<ToolPart> tools) throws IOException {
    generator.writeArrayFieldStart("tool_calls");
    for (ToolPart part : tools) {
      String id = part.id();
      String arguments = part.arguments();
      generator.writeStartObject();
      generator.writeNumberField("index", part.index());
      if (id != null) {
        generator.writeStringField("id", id);
        generator.writeStringField("type", "function");
      }
      generator.writeObjectFieldStart("function");
      field(generator, "name", part.name());
      if (id != null || arguments != null) {
        generator.writeStringField("arguments", arguments == null ? "" : arguments);
      }
      generator.writeEndObject();
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  @Override
  public ByteBuf finish(String finishReason, Optional<Usage> usage) {
    ByteBuf out = allocator.buffer(1024);
    if (chat && !begun) {
      event(out, this::opening, null);
    }
    String usageField = usage.map(known -> ",\"usage\":" + UsageJson.toJson(known)).orElse("");
    out.writeBytes(DATA).writeBytes(head).writeBytes(choice);
    out.writeBytes(utf8(chat ? "{}" : "\"\"")).writeBytes(LOGPROBS).writeBytes(NULL);
    out.writeBytes(utf8(",\"finish_reason\":"));
    generate(out, generator -> generator.writeString(finishReason));
    out.writeBytes(utf8("}]" + (usageAsked ? usageField : "") + "}")).writeBytes(END_OF_EVENT);
    if (usage.isPresent()) {
      out.writeBytes(DATA).writeBytes(head).writeBytes(utf8("]" + usageField + "}"));
      out.writeBytes(END_OF_EVENT);
    }
    return out.writeBytes(utf8("data: [DONE]\n\n"));
  }
}
