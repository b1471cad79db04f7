package dev.fairlead.dataplane.net;

import io.netty.buffer.ByteBuf;

/// Drops a body.
enum IgnoredBody implements BodyReceiver {
  INSTANCE;

  @Override
  public void data(ByteBuf chunk) {}

  @Override
  public void end() {}
}
