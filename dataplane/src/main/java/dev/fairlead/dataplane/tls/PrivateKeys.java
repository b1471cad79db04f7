package dev.fairlead.dataplane.tls;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/// Reads private keys in the forms that certificate tools write: PKCS#8 (RFC 5208), PKCS#1 for RSA
/// (RFC 8017, cert-manager's default) and SEC 1 for elliptic curves (RFC 5915). The JDK reads the
/// first only; the others are wrapped into it.
final class PrivateKeys {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xA0;
  private static final byte[] VERSION = {INTEGER, 1, 0};

  /// 1.2.840.113549.1.1.1 with its null parameters.
  private static final byte[] RSA = {
    0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /// 1.2.840.10045.2.1, before the curve.
  private static final byte[] EC = {0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PrivateKeys() {}

  /// @throws TlsException when there is no key that can be used
  static PrivateKey read(Path file) {
    for (Pem block : Pem.read(file)) {
      if (block.label().equals("ENCRYPTED PRIVATE KEY")
          || (block.label().endsWith("PRIVATE KEY") && block.headers())) {
        throw new TlsException(
            "%s: the key is encrypted; decrypt it: openssl pkey -in %s -out key.pem"
                .formatted(file, file));
      }
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return key(file, block.der());
        }
        case "RSA PRIVATE KEY" -> {
          return key(file, pkcs8(RSA, block.der()));
        }
        case "EC PRIVATE KEY" -> {
          return key(file, pkcs8(join(EC, curve(file, block.der())), block.der()));
        }
        default -> {}
      }
    }
    throw new TlsException("%s: there is no PEM private key in it".formatted(file));
  }

  private static PrivateKey key(Path file, byte[] pkcs8) {
    var spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException _) {
        // The next algorithm may be the one.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new TlsException(
        "%s: the key is damaged, or neither RSA nor EC nor EdDSA".formatted(file));
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return wrap(SEQUENCE, join(VERSION, wrap(SEQUENCE, algorithm), wrap(OCTETS, key)));
  }

  /// The curve's identifier: what the tag [0] of an `ECPrivateKey` holds.
  private static byte[] curve(Path file, byte[] sec1) {
    var der = new Der(sec1);
    try {
      der.enter(SEQUENCE);
      der.take(INTEGER);
      der.take(OCTETS);
      return der.take(PARAMETERS);
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw new TlsException("%s: the key does not name its curve".formatted(file), e);
    }
  }

  private static byte[] wrap(int tag, byte[] content) {
    var out = new ByteArrayOutputStream(content.length + 6);
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /// A position in DER (X.690). Its methods throw what `curve` catches where the data is something
  /// else.
  private static final class Der {
    private final byte[] data;
    private int at;

    Der(byte[] data) {
      this.data = data;
    }

    /// Goes into a value.
    void enter(int tag) {
      header(tag);
    }

    /// The content of a value, which is passed.
    byte[] take(int tag) {
      int length = header(tag);
      byte[] content = new byte[length];
      for (int i = 0; i < length; i++) {
        content[i] = data[at++];
      }
      return content;
    }

    private int header(int tag) {
      if ((data[at++] & 0xff) != tag) {
        throw new IllegalStateException("not the tag " + tag);
      }
      int length = data[at++] & 0xff;
      if (length < 0x80) {
        return length;
      }
      int value = 0;
      for (int i = 0; i < (length & 0x7f); i++) {
        value = (value << 8) | (data[at++] & 0xff);
      }
      if (value < 0 || value > data.length) {
        throw new IllegalStateException("longer than the data");
      }
      return value;
    }
  }
}
