/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each verdict is also the JDK's, unless the test says in what this one is stricter. */
class CertificatePathTest {
  private static final Instant NOW = Instant.parse("2027-06-01T00:00:00Z");
  private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

  /** What one certificate is to be like. */
  private static final class Draft {
    String subject;
    String issuer;
    String key = "P-256";
    String signature = "SHA256withECDSA";
    Instant from = NOW.minus(Duration.ofDays(30));
    Instant until = NOW.plus(Duration.ofDays(30));
    final Map<String, Extension> extensions = new TreeMap<>();

    Draft(String subject, String issuer) {
      this.subject = subject;
      this.issuer = issuer;
    }

    @CanIgnoreReturnValue
    Draft with(ASN1ObjectIdentifier type, boolean critical, ASN1Encodable value) {
      try {
        extensions.put(
            type.getId(), new Extension(type, critical, value.toASN1Primitive().getEncoded()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return this;
    }

    @CanIgnoreReturnValue
    Draft without(ASN1ObjectIdentifier type) {
      extensions.remove(type.getId());
      return this;
    }

    @CanIgnoreReturnValue
    Draft authority(int pathLength) {
      return with(
          Extension.basicConstraints,
          true,
          pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength));
    }

    @CanIgnoreReturnValue
    Draft mail(String address) {
      return with(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.rfc822Name, address)));
    }
  }

  /** Root, issuer and holder, in this order, of which each signs the next. */
  private final List<Draft> path =
      new ArrayList<>(
          List.of(
              new Draft("CN=Root", "CN=Root").authority(-1),
              new Draft("CN=Issuer,O=Example", "CN=Root").authority(-1),
              new Draft("CN=Holder,O=Example", "CN=Issuer,O=Example").mail("alice@example.org")));

  private Draft issuer() {
    return path.get(1);
  }

  private Draft holder() {
    return path.get(path.size() - 1);
  }

  /** Another issuer between the first and the holder. */
  private Draft secondIssuer(String name) {
    Draft second = new Draft(name, issuer().subject).authority(-1);
    path.add(2, second);
    holder().issuer = name;
    return second;
  }

  @Test
  void plainPathIsValid() throws Exception {
    valid();
    holder().key = "Ed25519";
    valid();
  }

  @Test
  void everyKindOfKeyAndSignatureThatIsTakenIsValid() throws Exception {
    for (String[] kind :
        new String[][] {
          {"P-256", "SHA384withECDSA"},
          {"P-384", "SHA384withECDSA"},
          {"P-521", "SHA512withECDSA"},
          {"RSA-2048", "SHA256withRSA"},
          {"RSA-2048", "SHA384withRSA"},
          {"RSA-3072", "SHA512withRSA"},
          {"RSA-2048", "PSS-256"},
          {"RSA-3072", "PSS-512"},
          {"Ed25519", "Ed25519"},
        }) {
      issuer().key = kind[0];
      holder().signature = kind[1];
      valid();
    }
  }

  @Test
  void weakKeysAndHashesAreRefused() throws Exception {
    holder().signature = "SHA1withECDSA";
    refusedHereOnly();
    issuer().key = "RSA-2048";
    holder().signature = "SHA1withRSA";
    refusedHereOnly();
    issuer().key = "RSA-1024";
    holder().signature = "SHA256withRSA";
    refusedHereOnly();
  }

  @Test
  void keyOfAnotherKindThanTheSignatureIsRefused() throws Exception {
    List<byte[]> other = encode();
    issuer().key = "RSA-2048";
    holder().signature = "SHA256withRSA";
    List<byte[]> chain = encode();
    refused(List.of(chain.get(0), other.get(1), chain.get(2)));
    refused(List.of(chain.get(0), chain.get(1), other.get(2)));
  }

  @Test
  void rsaKeyUnderWhichAnybodyCanSignIsRefused() throws Exception {
    byte[] info =
        new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new RSAPublicKey(
                    BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.ONE), BigInteger.ONE))
            .getEncoded();
    assertThrows(
        RefusedException.class, () -> IssuerKey.of(SubjectPublicKeyInfo.getInstance(info)));
    holder().key = "P-256";
    byte[] certificate = encode(holder(), SubjectPublicKeyInfo.getInstance(info), issuer().key);
    assertThrows(
        RefusedException.class, () -> IdentityKey.ofCertificate(Certificate.parse(certificate)));
  }

  @Test
  void everyCertificateHasToBeValidNow() throws Exception {
    for (Draft draft : path.subList(1, 3)) {
      Instant until = draft.until;
      draft.until = NOW.minus(Duration.ofSeconds(1));
      refused();
      draft.until = NOW;
      valid();
      draft.until = until;
      Instant from = draft.from;
      draft.from = NOW.plus(Duration.ofSeconds(1));
      refused();
      draft.from = NOW;
      valid();
      draft.from = from;
    }
  }

  @Test
  void issuersHaveToBeAuthorities() throws Exception {
    issuer().with(Extension.basicConstraints, true, new BasicConstraints(false));
    refused();
    issuer().without(Extension.basicConstraints);
    refused();
    issuer().authority(-1).with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    refused();
    issuer().with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    valid();
  }

  @Test
  void pathIsNoLongerThanItsIssuersAllow() throws Exception {
    issuer().authority(0);
    valid();
    Draft second = secondIssuer("CN=Second,O=Example");
    refused();
    issuer().authority(1);
    valid();
    issuer().authority(0);
    second.subject = issuer().subject; // self-issued: does not count
    holder().issuer = issuer().subject;
    valid();
  }

  @Test
  void namesHaveToFollowEachOther() throws Exception {
    holder().issuer = "CN=Somebody";
    refused();
    holder().issuer = "cn=ISSUER, o=example"; // the same, as names are compared
    valid();
    issuer().issuer = "CN=Other Root";
    refused();
  }

  @Test
  void criticalExtensionsThatAreNotKnownAreRefused() throws Exception {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    for (Draft draft : path.subList(1, 3)) {
      draft.with(unknown, true, new DERUTF8String("x"));
      refused();
      draft.with(unknown, false, new DERUTF8String("x"));
      valid();
    }
  }

  @Test
  void restrictionsOfPoliciesAreRefused() throws Exception {
    issuer()
        .with(
            Extension.policyConstraints, true, new PolicyConstraints(BigInteger.valueOf(9), null));
    refusedHereOnly();
  }

  @Test
  void mailAddressesHaveToBePermitted() throws Exception {
    issuer()
        .with(Extension.nameConstraints, true, permitted(GeneralName.rfc822Name, "example.org"));
    valid();
    holder().mail("alice@other.org");
    refused();
    holder().mail("alice@sub.example.org");
    refused();
    issuer().with(Extension.nameConstraints, true, excluded(GeneralName.rfc822Name, "example.org"));
    valid();
    holder().mail("alice@example.org");
    refused();
  }

  @Test
  void subjectsHaveToBePermitted() throws Exception {
    issuer()
        .with(Extension.nameConstraints, true, permitted(GeneralName.directoryName, "O=Example"));
    refused(); // a name has to begin with it
    holder().subject = "O=Example,CN=Holder";
    valid();
    holder().subject = "O=Other,CN=Holder";
    refused();
    issuer()
        .with(Extension.nameConstraints, true, excluded(GeneralName.directoryName, "O=Example"));
    valid();
    holder().subject = "O=Example,CN=Holder";
    refused();
  }

  @Test
  void constraintsOnKindsOfNamesThatAreNotCheckedAreRefused() throws Exception {
    issuer()
        .with(
            Extension.nameConstraints,
            true,
            new NameConstraints(
                new GeneralSubtree[] {
                  new GeneralSubtree(new GeneralName(GeneralName.registeredID, "1.2.3"))
                },
                null));
    refusedHereOnly();
  }

  @Test
  void everyFlippedBitIsRefused() throws Exception {
    List<byte[]> chain = encode();
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      List<byte[]> damaged = new ArrayList<>(chain);
      int which = 1 + random.nextInt(2);
      byte[] octets = chain.get(which).clone();
      octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
      damaged.set(which, octets);
      assertThrows(RefusedException.class, () -> validate(damaged));
    }
  }

  @Test
  void deepOrDamagedDerIsRefused() {
    byte[] deep = new byte[6000];
    int length = 0;
    for (int at = deep.length; at > 4; length = deep.length - at) {
      at -= length < 128 ? 2 : length < 256 ? 3 : 4;
      deep[at] = 0x30;
      if (length < 128) {
        deep[at + 1] = (byte) length;
      } else if (length < 256) {
        deep[at + 1] = (byte) 0x81;
        deep[at + 2] = (byte) length;
      } else {
        deep[at + 1] = (byte) 0x82;
        deep[at + 2] = (byte) (length >> 8);
        deep[at + 3] = (byte) length;
      }
    }
    int start = 0;
    while (deep[start] != 0x30) {
      start++;
    }
    byte[] whole = Arrays.copyOfRange(deep, start, deep.length);
    for (byte[] octets :
        List.of(
            whole,
            new byte[0],
            new byte[] {0x30},
            new byte[] {0x30, (byte) 0x80, 0, 0},
            new byte[] {0x30, (byte) 0x84, 0, 0, 0, 0},
            new byte[] {0x30, 1},
            new byte[] {0x30, 0, 0},
            new byte[] {0x30, 2, 4, 1},
            new byte[] {0x3f, 0})) {
      assertThrows(RefusedException.class, () -> Certificate.parse(octets));
      assertThrows(RefusedException.class, () -> RevocationList.parse(octets));
    }
  }

  /** Random paths out of all of the above. */
  @Test
  void agreesWithTheJdkOnRandomPaths() throws Exception {
    Random random = new Random(2);
    List<Consumer<List<Draft>>> changes =
        List.of(
            all -> all.get(1).authority(random.nextInt(2)),
            all -> all.get(1).with(Extension.basicConstraints, true, new BasicConstraints(false)),
            all -> all.get(1).with(Extension.keyUsage, true, new KeyUsage(1 << random.nextInt(8))),
            all -> all.get(1).until = NOW.plus(Duration.ofDays(random.nextInt(3) - 1)),
            all -> all.get(2).from = NOW.plus(Duration.ofDays(random.nextInt(3) - 1)),
            all -> all.get(2).mail(random.nextBoolean() ? "a@example.org" : "a@b.example.org"),
            all ->
                all.get(1)
                    .with(
                        Extension.nameConstraints,
                        true,
                        permitted(
                            GeneralName.rfc822Name,
                            random.nextBoolean() ? "example.org" : ".example.org")),
            all ->
                all.get(1)
                    .with(
                        Extension.nameConstraints,
                        true,
                        excluded(
                            GeneralName.rfc822Name,
                            random.nextBoolean() ? "a@example.org" : "example.org")),
            all -> all.get(2).issuer = random.nextBoolean() ? "CN=Issuer, O=EXAMPLE" : "CN=Issuer");
    int valid = 0;
    for (int i = 0; i < 300; i++) {
      path.clear();
      path.add(new Draft("CN=Root", "CN=Root").authority(-1));
      path.add(new Draft("CN=Issuer,O=Example", "CN=Root").authority(-1));
      path.add(new Draft("CN=Holder", "CN=Issuer,O=Example").mail("alice@example.org"));
      for (int j = random.nextInt(3); j >= 0; j--) {
        changes.get(random.nextInt(changes.size())).accept(path);
      }
      List<byte[]> chain = encode();
      boolean here = isValid(chain);
      assertEquals(isValidToTheJdk(chain), here, "path " + i);
      valid += here ? 1 : 0;
    }
    assertEquals(true, valid > 50 && valid < 250, valid + " valid");
  }

  private void valid() throws Exception {
    List<byte[]> chain = encode();
    assertEquals(true, isValidToTheJdk(chain));
    validate(chain);
  }

  private void refused() throws Exception {
    refused(encode());
  }

  private static void refused(List<byte[]> chain) throws Exception {
    assertEquals(false, isValidToTheJdk(chain));
    assertEquals(false, isValid(chain));
  }

  /** The JDK is content with it, or not, as its configuration says. */
  private void refusedHereOnly() throws Exception {
    assertEquals(false, isValid(encode()));
  }

  private static boolean isValid(List<byte[]> chain) {
    try {
      validate(chain);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  /** Validates what is in the order root, issuers, holder. */
  private static void validate(List<byte[]> chain) throws RefusedException {
    List<Certificate> certificates = new ArrayList<>();
    for (int i = chain.size() - 1; i > 0; i--) {
      certificates.add(Certificate.parse(chain.get(i)));
    }
    new CertificatePath(NOW, null)
        .validate(
            certificates, List.of(CertificatePath.Issuer.of(Certificate.parse(chain.get(0)))));
  }

  private static boolean isValidToTheJdk(List<byte[]> chain) throws GeneralSecurityException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> certificates = new ArrayList<>();
      for (int i = chain.size() - 1; i >= 0; i--) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(chain.get(i))));
      }
      X509Certificate root = certificates.remove(certificates.size() - 1);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      parameters.setDate(Date.from(NOW));
      parameters.setRevocationEnabled(false);
      var unused =
          CertPathValidator.getInstance("PKIX")
              .validate(factory.generateCertPath(certificates), parameters);
      return true;
    } catch (CertPathValidatorException | CertificateException e) {
      return false;
    }
  }

  private List<byte[]> encode() throws Exception {
    List<byte[]> chain = new ArrayList<>();
    String signer = path.get(0).key;
    for (Draft draft : path) {
      SubjectPublicKeyInfo key =
          SubjectPublicKeyInfo.getInstance(key(draft, draft.key).getPublic().getEncoded());
      Draft by = chain.isEmpty() ? draft : path.get(chain.size() - 1);
      chain.add(encode(draft, key, key(by, signer)));
      signer = draft.key;
    }
    return chain;
  }

  private byte[] encode(Draft draft, SubjectPublicKeyInfo key, String signer) throws Exception {
    return encode(draft, key, key(draft, signer));
  }

  private static byte[] encode(Draft draft, SubjectPublicKeyInfo key, KeyPair signer)
      throws Exception {
    AlgorithmIdentifier algorithm = algorithm(draft.signature);
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(new ASN1Integer(1));
    generator.setSignature(algorithm);
    generator.setIssuer(new X500Name(draft.issuer));
    generator.setSubject(new X500Name(draft.subject));
    generator.setStartDate(new Time(Date.from(draft.from)));
    generator.setEndDate(new Time(Date.from(draft.until)));
    generator.setSubjectPublicKeyInfo(key);
    if (!draft.extensions.isEmpty()) {
      generator.setExtensions(new Extensions(draft.extensions.values().toArray(new Extension[0])));
    }
    TBSCertificate tbs = generator.generateTBSCertificate();
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(tbs);
    parts.add(algorithm);
    parts.add(new DERBitString(sign(draft.signature, signer, tbs.getEncoded("DER"))));
    return new DERSequence(parts).getEncoded("DER");
  }

  private static byte[] sign(String name, KeyPair signer, byte[] content)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name.startsWith("PSS") ? "RSASSA-PSS" : name);
    if (name.startsWith("PSS")) {
      String hash = "SHA-" + name.substring(4);
      signature.setParameter(
          new PSSParameterSpec(
              hash,
              "MGF1",
              new MGF1ParameterSpec(hash),
              Integer.parseInt(name.substring(4)) / 8,
              1));
    }
    signature.initSign(signer.getPrivate());
    signature.update(content);
    return signature.sign();
  }

  private static AlgorithmIdentifier algorithm(String name) {
    return switch (name) {
      case "SHA1withECDSA" -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA1);
      case "SHA256withECDSA" -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      case "SHA384withECDSA" -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);
      case "SHA512withECDSA" -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA512);
      case "SHA1withRSA" -> rsa(PKCSObjectIdentifiers.sha1WithRSAEncryption);
      case "SHA256withRSA" -> rsa(PKCSObjectIdentifiers.sha256WithRSAEncryption);
      case "SHA384withRSA" -> rsa(PKCSObjectIdentifiers.sha384WithRSAEncryption);
      case "SHA512withRSA" -> rsa(PKCSObjectIdentifiers.sha512WithRSAEncryption);
      case "PSS-256" -> pss(NISTObjectIdentifiers.id_sha256, 32);
      case "PSS-512" -> pss(NISTObjectIdentifiers.id_sha512, 64);
      case "Ed25519" -> new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static AlgorithmIdentifier rsa(ASN1ObjectIdentifier type) {
    return new AlgorithmIdentifier(type, DERNull.INSTANCE);
  }

  private static AlgorithmIdentifier pss(ASN1ObjectIdentifier hash, int salt) {
    AlgorithmIdentifier digest = new AlgorithmIdentifier(hash, DERNull.INSTANCE);
    return new AlgorithmIdentifier(
        PKCSObjectIdentifiers.id_RSASSA_PSS,
        new RSASSAPSSparams(
            digest,
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, digest),
            new ASN1Integer(salt),
            new ASN1Integer(1)));
  }

  private static NameConstraints permitted(int kind, String name) {
    return new NameConstraints(subtrees(kind, name), null);
  }

  private static NameConstraints excluded(int kind, String name) {
    return new NameConstraints(null, subtrees(kind, name));
  }

  private static GeneralSubtree[] subtrees(int kind, String name) {
    return new GeneralSubtree[] {new GeneralSubtree(new GeneralName(kind, name))};
  }

  /** A key of the draft's own. */
  private KeyPair key(Draft draft, String kind) {
    return KEYS.computeIfAbsent(kind + " " + path.indexOf(draft), label -> generate(kind));
  }

  private static KeyPair generate(String kind) {
    try {
      @Nullable KeyPairGenerator generator;
      if (kind.startsWith("RSA-")) {
        generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(Integer.parseInt(kind.substring(4)));
      } else if (kind.equals("Ed25519")) {
        generator = KeyPairGenerator.getInstance("Ed25519");
      } else {
        generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
