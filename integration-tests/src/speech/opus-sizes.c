/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes of Opus packets: opus-sizes BIT_PER_S vbr|cbr DTX < SOUND. SOUND is s16le, mono, 16 kHz; DTX is 0 or 1. Writes a
 * line for each packet of 20 ms: its size in octets. What is left of SOUND after the last whole packet is not encoded.
 */
#include <errno.h>
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 16000
#define PACKET (RATE / 50)
#define MAX_OCTETS 1276

static void fail(const char *what, const char *which) {
  fprintf(stderr, "opus-sizes: %s: %s\n", what, which);
  exit(1);
}

static void check(int status, const char *what) {
  if (status != OPUS_OK) fail(what, opus_strerror(status));
}

int main(int argc, char **argv) {
  static unsigned char octets[2 * PACKET], packet[MAX_OCTETS];
  static opus_int16 samples[PACKET];
  if (argc != 4) fail("usage", "opus-sizes BIT_PER_S vbr|cbr DTX < SOUND");
  char *end;
  long rate = strtol(argv[1], &end, 10);
  if (*end || rate < 500 || rate > 512000) fail("not a bit rate", argv[1]);
  int is_variable = !strcmp(argv[2], "vbr"), is_dtx = !strcmp(argv[3], "1");
  if (!is_variable && strcmp(argv[2], "cbr")) fail("neither vbr nor cbr", argv[2]);
  if (!is_dtx && strcmp(argv[3], "0")) fail("DTX neither 0 nor 1", argv[3]);

  int status;
  OpusEncoder *encoder = opus_encoder_create(RATE, 1, OPUS_APPLICATION_VOIP, &status);
  check(status, "encoder");
  check(opus_encoder_ctl(encoder, OPUS_SET_BITRATE((opus_int32)rate)), "bit rate");
  check(opus_encoder_ctl(encoder, OPUS_SET_VBR(is_variable)), "vbr");
  check(opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(5)), "complexity");
  check(opus_encoder_ctl(encoder, OPUS_SET_DTX(is_dtx)), "dtx");
  while (fread(octets, 1, sizeof(octets), stdin) == sizeof(octets)) {
    for (int i = 0; i < PACKET; i++) samples[i] = (opus_int16)(octets[2 * i] | octets[2 * i + 1] << 8);
    int size = opus_encode(encoder, samples, PACKET, packet, sizeof(packet));
    if (size < 0) fail("encoding", opus_strerror(size));
    if (printf("%d\n", size) < 0) fail("stdout", strerror(errno));
  }
  if (ferror(stdin)) fail("stdin", strerror(errno));
  opus_encoder_destroy(encoder);
  if (fflush(stdout)) fail("stdout", strerror(errno));
  return 0;
}
