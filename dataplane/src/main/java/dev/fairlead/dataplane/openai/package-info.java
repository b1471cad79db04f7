/// The OpenAI wire format without sockets: scanning and splicing request bodies, normalising an
/// engine's answers, errors. The gateway scans a body once ({@link
/// dev.fairlead.dataplane.openai.BodyScanner}) and changes it by splices only; the agent normalises
/// what the engine streams ({@link dev.fairlead.dataplane.openai.StreamNormaliser}); the gateway
/// relays those bytes and reads only their boundaries ({@link
/// dev.fairlead.dataplane.openai.EventBoundaries}). Shapes: the OpenAI API reference.
@NullMarked
package dev.fairlead.dataplane.openai;

import org.jspecify.annotations.NullMarked;
