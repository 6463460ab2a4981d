/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Member;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/** What is in a folder of recorded files: {@code manifest.json}. Not thread-safe. */
final class Manifest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double SECOND_NANOS = 1e9;

  private final Path folder;
  private final String meeting;
  private final Instant began;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * A file.
   *
   * @param name in the folder
   * @param member who sent it, proven; null if it was gone already
   * @param codec null for Opus
   */
  record Entry(
      String name,
      Source source,
      @Nullable Member member,
      @Nullable VideoCodec codec,
      Timeline timeline,
      long beginNanos) {}

  Manifest(Path folder, String meeting, Instant began) {
    this.folder = folder;
    this.meeting = meeting;
    this.began = began;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  /** Writes it anew; there is a whole one at any time. */
  void write() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", 1);
    root.put("meeting", meeting);
    root.put("began", began.toString());
    var files = root.putArray("files");
    for (Entry entry : entries) {
      ObjectNode file = files.addObject();
      file.put("file", entry.name);
      file.put("kind", entry.source.kind().token());
      file.put("codec", entry.codec == null ? "OPUS" : entry.codec.name());
      file.put("source", entry.source.name());
      file.put("nickname", entry.source.owner());
      if (entry.member != null) {
        file.put("member", entry.member.name());
        file.put("fingerprint", entry.member.credential().fingerprint());
      }
      double offset = (entry.timeline.offsetNanos() + entry.beginNanos) / SECOND_NANOS;
      file.put("offsetSeconds", Double.parseDouble(String.format(Locale.ROOT, "%.3f", offset)));
    }
    Path fresh = folder.resolve("manifest.json.new");
    Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    Path unused =
        Files.move(
            fresh,
            folder.resolve("manifest.json"),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
  }
}
