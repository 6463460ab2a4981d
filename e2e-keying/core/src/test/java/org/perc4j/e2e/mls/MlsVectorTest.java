/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.perc4j.e2e.mls.Forgery.SUITE;
import static org.perc4j.e2e.mls.Forgery.hex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.TreeSize;
import org.bouncycastle.mls.crypto.Secret;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * The MLS working group's test vectors (github.com/mlswg/mls-implementations, folder test-vectors),
 * which are not part of this project: {@code -Dperc4j.vectors=DIR}, with key-schedule.json and
 * messages.json in DIR/mls.
 */
class MlsVectorTest {
  private interface Reader {
    @Nullable Object read(byte[] message) throws RefusedException;
  }

  /** One test for each of the files if there is a folder of them, none otherwise. */
  @TestFactory
  List<DynamicTest> vectors() {
    String named = System.getProperty("perc4j.vectors", "");
    Path folder = Path.of(System.getProperty("perc4j.root", "")).resolve(named).resolve("mls");
    if (named.isBlank() || !Files.isDirectory(folder)) {
      return List.of();
    }
    return List.of(
        dynamicTest(
            "keyScheduleAndExporterGiveKnownAnswers",
            () -> keyScheduleAndExporterGiveKnownAnswers(read(folder, "key-schedule.json"))),
        dynamicTest(
            "messagesAreTakenOrRefused",
            () -> messagesAreTakenOrRefused(read(folder, "messages.json"))));
  }

  private static JsonNode read(Path folder, String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).toFile());
  }

  private static byte[] octets(JsonNode value, String name) {
    return hex(value.get(name).asText());
  }

  private static void keyScheduleAndExporterGiveKnownAnswers(JsonNode vectors) throws Exception {
    int epochs = 0;
    for (JsonNode vector : vectors) {
      if (vector.get("cipher_suite").asInt() != MlsGroup.CIPHER_SUITE) {
        continue;
      }
      for (JsonNode epoch : vector.get("epochs")) {
        KeyScheduleEpoch schedule =
            new KeyScheduleEpoch(
                SUITE,
                TreeSize.forLeaves(2),
                new Secret(octets(epoch, "joiner_secret")),
                new Secret(octets(epoch, "psk_secret")),
                octets(epoch, "group_context"));
        assertArrayEquals(octets(epoch, "init_secret"), schedule.initSecret.value());
        assertArrayEquals(octets(epoch, "exporter_secret"), schedule.exporterSecret.value());
        assertArrayEquals(
            octets(epoch, "epoch_authenticator"), schedule.epochAuthenticator.value());
        JsonNode exporter = epoch.get("exporter");
        assertArrayEquals(
            octets(exporter, "secret"),
            schedule.MLSExporter(
                exporter.get("label").asText(),
                octets(exporter, "context"),
                exporter.get("length").asInt()));
        epochs++;
      }
    }
    assertTrue(epochs > 0);
  }

  private static void messagesAreTakenOrRefused(JsonNode all) throws Exception {
    MessageCheck check = new MessageCheck(100);
    int taken = 0;
    for (JsonNode vector : all) {
      taken += read(octets(vector, "mls_key_package"), check::keyPackage);
      taken += read(octets(vector, "mls_welcome"), check::welcome);
      taken += read(octets(vector, "mls_group_info"), check::groupInfoMessage);
      taken += read(octets(vector, "public_message_commit"), check::commit);
      for (String never :
          List.of("public_message_proposal", "public_message_application", "private_message")) {
        assertEquals(0, read(octets(vector, never), check::commit), never);
      }
    }
    assertTrue(taken > 0, "none of " + all.size() + " messages was taken");
  }

  private static int read(byte[] message, Reader reader) {
    try {
      Object unused = reader.read(message);
      return 1;
    } catch (RefusedException e) {
      assertTrue(EnumSet.of(Reason.UNSUPPORTED, Reason.MALFORMED).contains(e.reason()));
      return 0;
    }
  }
}
