/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.harness.Ffmpeg;

/**
 * What ffmpeg makes of a video file. The decoder is named, as ffmpeg's own of some codecs do not
 * know layers.
 *
 * @param complaints of the decoder, none if everything was in order
 * @param frames in the order of output
 */
public record Decoding(List<String> complaints, List<Frame> frames) {
  private static final Pattern COMPLAINT = Pattern.compile("\\[(error|fatal|panic)\\]");
  private static final Pattern FRAME =
      Pattern.compile(
          "\\[Parsed_showinfo.* pts: *(-?\\d+|NOPTS) .* s:(\\d+)x(\\d+) .*"
              + " checksum:([0-9A-F]+) ");
  private static final Pattern EXIT_STATUS = Pattern.compile("exit status .*");

  /**
   * A picture that was decoded.
   *
   * @param pts in the file's units, 0 if it has none
   * @param checksum of the picture, to tell whether two are the same
   */
  public record Frame(int width, int height, long pts, String checksum) {}

  /** Copies the lists. */
  public Decoding {
    complaints = List.copyOf(complaints);
    frames = List.copyOf(frames);
  }

  /** Decodes all of a file. */
  public static Decoding of(Path file, VideoCodec codec) throws IOException, InterruptedException {
    List<String> complaints = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    for (String line : Ffmpeg.show(file, decoder(codec)).lines().toList()) {
      Matcher frame = FRAME.matcher(line);
      if (frame.find()) {
        frames.add(
            new Frame(
                Integer.parseInt(frame.group(2)),
                Integer.parseInt(frame.group(3)),
                frame.group(1).equals("NOPTS") ? 0 : Long.parseLong(frame.group(1)),
                frame.group(4)));
      } else if (COMPLAINT.matcher(line).find() || EXIT_STATUS.matcher(line).matches()) {
        complaints.add(line);
      }
    }
    return new Decoding(complaints, frames);
  }

  /** Which of ffmpeg's decoders knows a codec's layers. */
  private static String decoder(VideoCodec codec) {
    return switch (codec) {
      case VP8 -> "libvpx";
      case VP9 -> "libvpx-vp9";
      case AV1 -> "libdav1d";
      case H264 -> "h264";
    };
  }

  /** Returns the heights of the pictures, each only where it changes. */
  public List<Integer> heights() {
    List<Integer> heights = new ArrayList<>();
    for (Frame frame : frames) {
      if (heights.isEmpty() || heights.get(heights.size() - 1) != frame.height()) {
        heights.add(frame.height());
      }
    }
    return heights;
  }
}
